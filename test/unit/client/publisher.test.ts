import { describe, expect, it } from 'vitest';
import {
  cafe24Tokens,
  EventNotPublishedError,
  eventPublisher,
  InvalidEventError,
} from '#client/index.ts';
import { scriptedEventBus } from '#test/support/scripted-event-bus.ts';

const bus = scriptedEventBus();
const publisher = eventPublisher({ client: bus.client, busName: 'the-bus', source: 'orders' });
const publish = () =>
  publisher.publish('AuthorizationCodeArrived', { mallId: 'demo-mall', codeId: 42 });

describe('eventPublisher', () => {
  it('puts an event on the bus in the form that its contract gives it', async () => {
    await publish();
    expect(bus.published).toEqual([
      {
        EventBusName: 'the-bus',
        Source: 'orders',
        DetailType: 'AuthorizationCodeArrived',
        detail: { mallId: 'demo-mall', codeId: '42' },
      },
    ]);
  });

  it('names the fields of what is not valid, and sends nothing', async () => {
    const before = bus.calls.length;
    const wrong = publisher.publish('TokenExpiryWarning', {
      provider: 'cafe24',
      mallId: 'Not_A_Mall',
      version: 0,
      reason: 'rejected',
    });
    await expect(wrong).rejects.toBeInstanceOf(InvalidEventError);
    await expect(wrong).rejects.toThrow(/mallId: .*version: /);
    expect(bus.calls).toHaveLength(before);
  });

  it('sends no event that nobody knows', async () => {
    const misspelt = 'TokenExpiryWarnings' as 'TokenExpiryWarning';
    await expect(publisher.publish(misspelt, {} as never)).rejects.toThrow('is no event');
  });

  it.each([
    ['refuses the entry', () => 'ThrottlingException', 'ThrottlingException'],
    ['can not be reached', new Error('socket'), 'can not be reached'],
  ])('says so when the bus %s', async (_, fault, text) => {
    bus.failsWith(fault);
    const failed = publish();
    await expect(failed).rejects.toBeInstanceOf(EventNotPublishedError);
    await expect(failed).rejects.toThrow(text);
  });

  it('carries the report of a refused token', async () => {
    const database = { query: () => Promise.resolve({ rows: [] }) };
    await cafe24Tokens({ database, publisher }).reportRejected('demo-mall', 3);
    expect(bus.published.at(-1)).toMatchObject({
      DetailType: 'TokenExpiryWarning',
      detail: { provider: 'cafe24', mallId: 'demo-mall', version: 3, reason: 'rejected' },
    });
  });
});
