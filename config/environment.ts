import { z } from 'zod'
import {
  type AuthSettings,
  authFlaws,
  authOf,
  authVariables,
  type RateLimits,
  rateLimitsOf,
} from './auth-environment.ts'

export { isLoopback } from './auth-environment.ts'

/*
 * The environment that nolimbo reads (DESIGN section 8), in one place. An empty variable counts as one that is not set.
 */

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'a port is a number from 0 to 65535')
    .transform(Number)
    .refine(number => number <= 65535, 'a port is a number from 0 to 65535')
    .default(fallback)

const text = z.string().min(1)
const hostAndPort = z.string().regex(/^[^\s/]+:\d{1,5}$/, 'written like "temporal.example.com:7233"')
const tls = {
  TEMPORAL_TLS: z
    .enum(['true', 'false'], 'true or false')
    .transform(flag => flag === 'true')
    .optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: text.optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: text.optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: text.optional(),
  TEMPORAL_TLS_SERVER_NAME: text.optional(),
}

const variables = z
  .object({
    PORT: port(3000),
    HOST: text.default('127.0.0.1'),
    TEMPORAL_ADDRESS: hostAndPort.optional(),
    TEMPORAL_NAMESPACE: text.default('default'),
    TEMPORAL_API_KEY: text.optional(),
    ...tls,
    TEMPORAL_PORT: port(7233),
    TEMPORAL_UI_PORT: port(8233),
    TEMPORAL_CLI: text.optional(),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/, 'written like "postgresql://user:password@host:5432/database"')
      .optional(),
    NOLIMBO_DATA: text.default('.nolimbo'),
    NOLIMBO_PROCESSES: text.default('processes'),
    NOLIMBO_BUILD_ID: z
      .string()
      .regex(/^[\w.+-]{1,100}$/, 'letters, digits, and . _ + -; at most 100')
      .optional(),
    NOLIMBO_MAKE_CURRENT: z
      .enum(['true', 'false'], 'true or false')
      .transform(flag => flag === 'true')
      .default(false),
    ...authVariables,
    SANDBOX_PORT: port(0),
  })
  .superRefine((read, context) => {
    const problem = (variable: string, message: string) =>
      context.addIssue({ code: 'custom', path: [variable], message })
    for (const { variable, message } of authFlaws(read, read.HOST)) problem(variable, message)
    const [certificate, key] = [read.TEMPORAL_TLS_CLIENT_CERT_PATH, read.TEMPORAL_TLS_CLIENT_KEY_PATH]
    if ((certificate === undefined) !== (key === undefined)) {
      problem(
        certificate === undefined ? 'TEMPORAL_TLS_CLIENT_CERT_PATH' : 'TEMPORAL_TLS_CLIENT_KEY_PATH',
        'a client certificate and its key go together',
      )
    }
  })

/** How this process is to run. Paths are as they were given: relative ones are relative to the working directory. */
export interface Environment {
  readonly port: number
  readonly host: string
  readonly temporal: {
    /** Undefined: a local server is started. */
    readonly address?: string
    readonly namespace: string
    readonly apiKey?: string
    /** Undefined: no TLS (with an API key, TLS by the system's certificates). */
    readonly tls?: {
      readonly serverCaPath?: string
      readonly clientCertificatePath?: string
      readonly clientKeyPath?: string
      readonly serverName?: string
    }
    /** Of the local server. */
    readonly port: number
    readonly uiPort: number
    /** The `temporal` program to start it with. */
    readonly cli?: string
  }
  /** Undefined: PGlite in the data folder. */
  readonly databaseUrl?: string
  readonly dataFolder: string
  readonly processesFolder: string
  /** What this code is called as a version. Undefined: by its content. */
  readonly buildId?: string
  /** New orders are to go to this worker's version, whichever was current before. */
  readonly makeCurrent: boolean
  readonly auth: AuthSettings
  readonly rateLimits: RateLimits
  /** 0: a free one. */
  readonly sandboxPort: number
}

/** The environment cannot be used; the message names each variable at fault and what is wrong with it. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
}

/** @throws EnvironmentError if a variable has a value that cannot be used. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  refuseStrangers(given, 'TEMPORAL_TLS_', Object.keys(tls))
  const oidc = Object.keys(authVariables).filter(name => name.startsWith('NOLIMBO_OIDC_'))
  refuseStrangers(given, 'NOLIMBO_OIDC_', oidc)
  const read = variables.safeParse(given)
  if (!read.success) {
    throw new EnvironmentError(read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  }
  return environmentOf(read.data)
}

/** A misspelt safeguard would be no safeguard. */
function refuseStrangers(given: object, prefix: string, known: readonly string[]): void {
  const strangers = Object.keys(given).filter(name => name.startsWith(prefix) && !known.includes(name))
  if (strangers.length > 0) {
    throw new EnvironmentError(`${strangers.join(', ')}: not known; there are ${known.join(', ')}`)
  }
}

function environmentOf(read: z.infer<typeof variables>): Environment {
  return {
    port: read.PORT,
    host: read.HOST,
    temporal: {
      ...(read.TEMPORAL_ADDRESS === undefined ? {} : { address: read.TEMPORAL_ADDRESS }),
      namespace: read.TEMPORAL_NAMESPACE,
      ...(read.TEMPORAL_API_KEY === undefined ? {} : { apiKey: read.TEMPORAL_API_KEY }),
      ...tlsOf(read),
      port: read.TEMPORAL_PORT,
      uiPort: read.TEMPORAL_UI_PORT,
      ...(read.TEMPORAL_CLI === undefined ? {} : { cli: read.TEMPORAL_CLI }),
    },
    ...(read.DATABASE_URL === undefined ? {} : { databaseUrl: read.DATABASE_URL }),
    dataFolder: read.NOLIMBO_DATA,
    processesFolder: read.NOLIMBO_PROCESSES,
    ...(read.NOLIMBO_BUILD_ID === undefined ? {} : { buildId: read.NOLIMBO_BUILD_ID }),
    makeCurrent: read.NOLIMBO_MAKE_CURRENT,
    auth: authOf(read),
    rateLimits: rateLimitsOf(read),
    sandboxPort: read.SANDBOX_PORT,
  }
}

function tlsOf(read: z.infer<typeof variables>): Pick<Environment['temporal'], 'tls'> {
  const given = {
    ...(read.TEMPORAL_TLS_SERVER_CA_CERT_PATH && { serverCaPath: read.TEMPORAL_TLS_SERVER_CA_CERT_PATH }),
    ...(read.TEMPORAL_TLS_CLIENT_CERT_PATH && { clientCertificatePath: read.TEMPORAL_TLS_CLIENT_CERT_PATH }),
    ...(read.TEMPORAL_TLS_CLIENT_KEY_PATH && { clientKeyPath: read.TEMPORAL_TLS_CLIENT_KEY_PATH }),
    ...(read.TEMPORAL_TLS_SERVER_NAME && { serverName: read.TEMPORAL_TLS_SERVER_NAME }),
  }
  const wanted = read.TEMPORAL_TLS ?? (Object.keys(given).length > 0 || read.TEMPORAL_API_KEY !== undefined)
  return wanted ? { tls: given } : {}
}
