import { expect, test } from 'vitest';
import { readableResources, synthesizeProd } from '#test/support/readable-stack.ts';

test('every table is what is written down here, with nothing more and nothing less', () => {
  const tables = readableResources(synthesizeProd(), 'aws_dynamodb_table');
  expect(tables).toMatchInlineSnapshot(`
    [
      {
        "attribute": [
          {
            "name": "subject",
            "type": "S",
          },
          {
            "name": "item",
            "type": "S",
          },
        ],
        "billing_mode": "PAY_PER_REQUEST",
        "deletion_protection_enabled": true,
        "hash_key": "subject",
        "name": "tokenline-grant-attempts",
        "point_in_time_recovery": {
          "enabled": true,
        },
        "range_key": "item",
        "server_side_encryption": {
          "enabled": true,
        },
        "ttl": {
          "attribute_name": "expiresAt",
          "enabled": true,
        },
      },
      {
        "attribute": [
          {
            "name": "provider",
            "type": "S",
          },
          {
            "name": "attemptId",
            "type": "S",
          },
        ],
        "billing_mode": "PAY_PER_REQUEST",
        "deletion_protection_enabled": true,
        "hash_key": "provider",
        "name": "tokenline-grant-escrow",
        "point_in_time_recovery": {
          "enabled": true,
        },
        "range_key": "attemptId",
        "server_side_encryption": {
          "enabled": true,
        },
      },
      {
        "attribute": [
          {
            "name": "ErrorID",
            "type": "S",
          },
          {
            "name": "AffectedDay",
            "type": "S",
          },
          {
            "name": "AffectedDate",
            "type": "S",
          },
          {
            "name": "Folder",
            "type": "S",
          },
        ],
        "billing_mode": "PAY_PER_REQUEST",
        "deletion_protection_enabled": true,
        "global_secondary_index": [
          {
            "hash_key": "AffectedDay",
            "name": "AffectedDateIndex",
            "projection_type": "ALL",
            "range_key": "AffectedDate",
          },
          {
            "hash_key": "Folder",
            "name": "FolderIndex",
            "projection_type": "ALL",
            "range_key": "AffectedDate",
          },
        ],
        "hash_key": "ErrorID",
        "name": "tokenline-FileSlaErrors",
        "point_in_time_recovery": {
          "enabled": true,
        },
        "server_side_encryption": {
          "enabled": true,
        },
      },
    ]
  `);
});
