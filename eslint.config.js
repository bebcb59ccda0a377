import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Forbids imports by pattern; each pattern says why, so that the error teaches the layout. */
const forbidImports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});

const SDK = {
  regex: '^(@aws-sdk/|@aws-lambda-powertools/|pg$|jose$)',
  message: 'A use case imports events/ and types; the SDK belongs to an adapter in shared/.',
};
const ANOTHER_FUNCTION = {
  regex: '^(#functions/|\\.\\./(?!shared/))',
  message: 'Functions never import each other; what they share lives in functions/shared/.',
};

const CLIENT_WITHOUT_LIMITS =
  'An AWS client without limits waits for ever: make it with awsClient of shared/aws-client.ts.';

export default defineConfig(
  { ignores: ['build/', 'cdktf.out/', '.local/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      'max-lines': ['error', { max: 200, skipComments: true, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', 3],
      'max-depth': ['error', 2],
      'no-console': 'error',
    },
  },
  {
    files: ['events/**/*.ts'],
    rules: forbidImports({ regex: '^(?!zod$|\\./)', message: 'events/ imports only Zod.' }),
  },
  {
    files: ['client/**/*.ts'],
    rules: forbidImports({
      regex: '^(#|\\.\\./(?!events/|package\\.json$))',
      message: 'client/ stands on events/ alone; its imports are relative, for its own build.',
    }),
  },
  {
    files: ['functions/**/*.ts'],
    ignores: ['functions/shared/aws-client.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        // SQSClient, sdk.SQSClient; pg.Client has limits of its own.
        { selector: 'NewExpression[callee.name=/.Client$/]', message: CLIENT_WITHOUT_LIMITS },
        {
          selector: 'NewExpression[callee.property.name=/.Client$/]',
          message: CLIENT_WITHOUT_LIMITS,
        },
        {
          // The aggregated client of a service has the service's name, e.g. SQS.
          selector:
            'ImportDeclaration[source.value=/^@aws-sdk.client-/] > ImportSpecifier[imported.name=/^(CognitoIdentityProvider|DynamoDB|EventBridge|Lambda|SQS|SSM)$/]',
          message: CLIENT_WITHOUT_LIMITS,
        },
      ],
    },
  },
  {
    files: ['functions/shared/**/*.ts'],
    rules: forbidImports({
      regex: '^(#functions/|#infra/|#test/)',
      message: 'shared/ imports no function.',
    }),
  },
  {
    files: ['functions/*/*.ts'],
    ignores: ['functions/shared/**'],
    rules: forbidImports(ANOTHER_FUNCTION, {
      regex: '^(#infra/|#test/)',
      message: 'Functions know nothing of infrastructure or tests.',
    }),
  },
  {
    files: ['functions/*/*.ts'],
    ignores: [
      'functions/shared/**',
      'functions/*/handler.ts',
      'functions/*/dependencies.ts',
      'functions/*/config.ts',
    ],
    rules: forbidImports(ANOTHER_FUNCTION, SDK),
  },
  {
    files: ['infra/**/*.ts'],
    ignores: ['infra/local/**'],
    rules: forbidImports({
      regex: '^(#shared/(?!sqs/retry-policy\\.ts$)|#functions/(?![a-z0-9-]+/settings\\.ts$))',
      message: 'infra/ takes from functions/ entry paths, names and settings only.',
    }),
  },
  {
    files: ['infra/local/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines-per-function': 'off',
      // A story is not cut in two because it has many chapters.
      'max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }],
    },
  },
);
