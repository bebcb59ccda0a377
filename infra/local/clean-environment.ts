/**
 * What of a family of variables reaches the programs that we install and run: where they get things
 * from and whom they trust. All else of it says where to install to, what to load first, what to write
 * down, or who the person is.
 */
const FAMILIES: readonly { readonly family: RegExp; readonly kept: RegExp }[] = [
  { family: /^(LD_|DYLD_)/, kept: /_LIBRARY_PATH$/ },
  { family: /^(PYTHON|__PYVENV|VIRTUAL_ENV$|CONDA_|COVERAGE_)/, kept: /^CONDA_EXE$/ },
  {
    family: /^PIP_/,
    kept: /^PIP_((EXTRA_)?INDEX_URL|FIND_LINKS|NO_INDEX|TRUSTED_HOST|PROXY|CERT|CLIENT_CERT|KEYRING_PROVIDER|RETRIES|(DEFAULT_)?TIMEOUT|(NO_)?CACHE_DIR|CONFIG_FILE)$/,
  },
  {
    family: /^UV_/,
    kept: /^UV_(DEFAULT_INDEX|(EXTRA_)?INDEX(_URL|_.+_USERNAME|_.+_PASSWORD)?|FIND_LINKS|NATIVE_TLS|SYSTEM_CERTS|INSECURE_HOST|KEYRING_PROVIDER|HTTP_\w+|CACHE_DIR|NO_CACHE|CONFIG_FILE)$/,
  },
  {
    family: /^npm_config_/i,
    kept: /^npm_config_(registry|@.+:registry|\/\/.+|(https?_?-?)?proxy|no_?proxy|ca|cafile|cert|key|strict_ssl|(user|global)config|cache|fetch_\w+)$/i,
  },
  { family: /^NODE_/, kept: /^NODE_(ENV|EXTRA_CA_CERTS|USE_SYSTEM_CA|USE_ENV_PROXY|TLS_\w+)$/ },
  { family: /^(JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH)$/, kept: /^$/ },
  // The last is ours: a folder with the provider.
  { family: /^TF_/, kept: /^TF_(CLI_CONFIG_FILE|TOKEN_\w+|PLUGIN_DIR)$/ },
  { family: /^(AWS_|PG|GIT_|CDKTF_)/, kept: /^$/ },
  { family: /^(BASH_ENV|ENV|PERL5OPT|RUBYOPT)$/, kept: /^$/ },
];

/** What we start listens here, and no proxy knows the way. */
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/**
 * A person's shell without what would bend the programs that we install and run; with the loopback
 * outside of every proxy.
 */
export function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) =>
    FAMILIES.every(({ family, kept }) => !family.test(name) || kept.test(name)),
  );
  return {
    ...Object.fromEntries(kept),
    ...nodeOptions(environment),
    ...withoutProxy(environment),
  };
}

/** Of Node's options, those that say whom to trust and how to reach the world. */
function nodeOptions({ NODE_OPTIONS = '' }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = NODE_OPTIONS.match(/--use-(system-ca|openssl-ca|bundled-ca|env-proxy)(?=\s|$)/g);
  return kept === null ? {} : { NODE_OPTIONS: kept.join(' ') };
}

/** Both spellings: each tool reads one of them first. */
function withoutProxy({ NO_PROXY, no_proxy }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = (no_proxy ?? NO_PROXY ?? '')
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
  const all = [...new Set([...named, ...LOOPBACK])].join();
  return { NO_PROXY: all, no_proxy: all };
}
