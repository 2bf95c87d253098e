import { readFileSync } from 'node:fs'
import type { Environment } from './environment.ts'

/** How to reach the Temporal server: what both the client's and the worker's `connect` take. */
export interface TemporalAccess {
  readonly address: string
  readonly apiKey?: string
  readonly tls?:
    | true
    | {
        readonly serverNameOverride?: string
        readonly serverRootCACertificate?: Buffer
        readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer }
      }
}

/** @throws Error naming a certificate's file that cannot be read. */
export function temporalAccess(temporal: Environment['temporal'], address: string): TemporalAccess {
  const { apiKey, tls } = temporal
  return {
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? (apiKey === undefined ? {} : { tls: true as const }) : { tls: tlsOf(tls) }),
  }
}

function tlsOf(tls: NonNullable<Environment['temporal']['tls']>): Exclude<TemporalAccess['tls'], undefined> {
  const { serverCaPath, clientCertificatePath, clientKeyPath, serverName } = tls
  return {
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
    ...(serverCaPath === undefined ? {} : { serverRootCACertificate: readFileSync(serverCaPath) }),
    ...(clientCertificatePath === undefined || clientKeyPath === undefined
      ? {}
      : { clientCertPair: { crt: readFileSync(clientCertificatePath), key: readFileSync(clientKeyPath) } }),
  }
}
