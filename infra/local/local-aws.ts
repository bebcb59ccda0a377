/** A running local AWS, as everything that talks to it sees it. All addresses are on 127.0.0.1. */
export interface LocalAws {
  /** Made anew with each LocalStack process: Terraform state of another one is worthless. */
  readonly instanceId: string;
  /** Of LocalStack's gateway, e.g. `http://127.0.0.1:4566`. */
  readonly endpointUrl: string;
  readonly region: string;
  /** LocalStack's account, 000000000000: a guard against reaching a real one. */
  readonly accountId: string;
  readonly postgres: PostgresAddress;
  readonly cafe24: Cafe24Provider;
  readonly claroshop: ClaroshopProvider;
}

export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The scripted Cafe24 provider and the application that is registered with it. */
export interface Cafe24Provider {
  /** `http://127.0.0.1:<port>/{mallId}`; functions replace `{mallId}`. */
  readonly apiUrl: string;
  /** Where tests issue codes, throw switches and read what the provider remembers. */
  readonly controlUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** The scripted ClaroShop and the account that the local stage signs in as. */
export interface ClaroshopProvider {
  /** Of its realm's token endpoint, `http://127.0.0.1:<port>/auth/realms/…/token`. */
  readonly tokenUrl: string;
  /** Where tests change accounts, throw switches and read what the provider remembers. */
  readonly controlUrl: string;
  readonly username: string;
  readonly password: string;
}
