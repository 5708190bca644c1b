import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'

/** Files in PEM. */
export interface Pair {
  cert: string
  key: string
}

export interface Validity {
  /** Seconds from now at which it begins to hold; an hour ago where none is given. */
  from?: number
  /** Seconds from now at which it ends; in 30 days where none is given. */
  until?: number
}

/** A certificate authority of its own, made by openssl. */
export class Authority {
  readonly #folder: string
  #issued = 0

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'index'), '')
    writeFileSync(join(folder, 'serial'), '01\n')
    this.#key('ca')
    openssl(folder, 'req', '-x509', '-new', '-key', 'ca.key', '-days', '100', '-subj', '/CN=mirrorproof-test', '-out', 'ca.crt')
  }

  /** The file of its own certificate, which clients trust. */
  get ca(): string {
    return join(this.#folder, 'ca.crt')
  }

  /** A key pair for these host names and addresses; the first one is the common name. */
  issue(names: readonly string[], { from = -3600, until = 2_592_000 }: Validity = {}): Pair {
    const name = `issued-${++this.#issued}`
    this.#key(name)
    openssl(this.#folder, 'req', '-new', '-key', `${name}.key`, '-subj', `/CN=${names[0]}`, '-out', `${name}.csr`)
    const alternatives = names.map((one) => `${isIP(one) ? 'IP' : 'DNS'}:${one}`).join(',')
    writeFileSync(join(this.#folder, `${name}.cnf`), `[ca]\ndefault_ca=own\n[own]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ncertificate=ca.crt\nprivate_key=ca.key\n`
      + `default_md=sha256\npolicy=any\nunique_subject=no\n[any]\ncommonName=supplied\n[leaf]\nsubjectAltName=${alternatives}\n`)
    openssl(this.#folder, 'ca', '-batch', '-notext', '-config', `${name}.cnf`, '-extensions', 'leaf', '-startdate', date(from), '-enddate', date(until), '-in', `${name}.csr`, '-out', `${name}.crt`)
    return { cert: join(this.#folder, `${name}.crt`), key: join(this.#folder, `${name}.key`) }
  }

  /** The two files with which an API server signs and verifies tokens of service accounts. */
  signer(): { private: string; public: string } {
    this.#key('tokens')
    openssl(this.#folder, 'ec', '-in', 'tokens.key', '-pubout', '-out', 'tokens.pub')
    return { private: join(this.#folder, 'tokens.key'), public: join(this.#folder, 'tokens.pub') }
  }

  #key(name: string): void {
    openssl(this.#folder, 'ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', `${name}.key`)
  }
}

/** As openssl wants it: YYYYMMDDHHMMSSZ. */
function date(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
}

function openssl(cwd: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd, stdio: 'pipe' })
}
