/** A real OIDC issuer on loopback, whose tokens are JWTs for the audience `nolimbo`; its signing keys can be changed. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider, { type Configuration } from 'oidc-provider'

export const audience = 'urn:nolimbo'

export interface Issuer {
  readonly url: string
  /** By client credentials. */
  readonly tokenOf: (client: string, resource?: string) => Promise<string>
  /** From now on it signs with another key, and publishes that one only. */
  readonly rotate: () => Promise<void>
  /** The keys that it signs with, private parts included. */
  readonly keys: () => readonly JWK[]
  /** How often its public keys were asked for. */
  readonly asked: () => number
  readonly pause: () => void
  readonly resume: () => void
  readonly close: () => Promise<void>
}

/** What a client's tokens say beyond what the issuer says of any. */
export type ClaimsOf = (client: string) => Record<string, unknown>

let made = 0

async function newKey(): Promise<JWK> {
  made += 1
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: `k-${made}`, use: 'sig', alg: 'RS256' }
}

export async function startIssuer(clients: readonly string[], claimsOf: ClaimsOf): Promise<Issuer> {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end()
  let asked = 0
  let paused = false
  const server = createServer((request, response) => {
    if (request.url === '/jwks') asked += 1
    if (paused) response.writeHead(503).end()
    else answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let keys = [await newKey()]
  const start = () => {
    answer = new Provider(url, { ...configuration(clients, claimsOf), jwks: { keys: [...keys] as never } }).callback()
  }
  start()
  return {
    url,
    async tokenOf(client, resource = audience) {
      const response = await fetch(`${url}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client}:secret-of-${client}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
      })
      const { access_token: token } = (await response.json()) as { access_token?: string }
      if (token === undefined) throw new Error(`the issuer gave no token: ${response.status}`)
      return token
    },
    async rotate() {
      keys = [await newKey()]
      start()
    },
    keys: () => keys,
    asked: () => asked,
    pause() {
      paused = true
    },
    resume() {
      paused = false
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function configuration(clients: readonly string[], claimsOf: ClaimsOf): Configuration {
  return {
    clients: clients.map(id => ({
      client_id: id,
      client_secret: `secret-of-${id}`,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    ttl: { ClientCredentials: 600 },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
        }),
      },
    },
    extraTokenClaims: (_context, token) => claimsOf((token as { clientId?: string }).clientId ?? '') as never,
  }
}
