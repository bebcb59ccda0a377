import { inMemoryParameters } from '#test/support/claroshop/in-memory-parameters.ts';
import { describeClaroshopTokens } from '#test/support/claroshop/tokens-suite.ts';

describeClaroshopTokens('tokens on parameters in memory', inMemoryParameters);
