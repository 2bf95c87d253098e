import { readEnvironment } from '../config/environment.ts'

/** What the API answered; a problem has a `code` and a `detail`. */
export interface Answer {
  readonly ok: boolean
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: each command reads the parts that it knows of
  readonly body: any
}

export type AskApi = (path: string, body?: object) => Promise<Answer>

/** The API on HOST and PORT, asked with NOLIMBO_KEY. @throws ApiAway if it does not answer */
export function apiAskedAs(demoPerson: string): AskApi {
  const { host, port } = readEnvironment(process.env)
  const base = `http://${host}:${port}`
  const authorization = `Bearer ${process.env.NOLIMBO_KEY || `demo-${demoPerson}`}`
  return async (path, body) => {
    const request =
      body === undefined
        ? { headers: { authorization } }
        : {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }
    const response = await fetch(`${base}${path}`, request).catch(() => {
      throw new ApiAway(`the API does not answer at ${base}: is nolimbo running there?`)
    })
    return { ok: response.ok, status: response.status, body: await response.json().catch(() => ({})) }
  }
}

export class ApiAway extends Error {
  override readonly name = 'ApiAway'
}
