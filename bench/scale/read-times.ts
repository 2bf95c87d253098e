import type { Reading } from './readings.ts'

export interface ReadTimes {
  readonly name: string
  /** From the request to the last byte of its answer, in the order they were made. */
  readonly ms: readonly number[]
}

export interface ReadRequest {
  readonly url: string
  readonly readings: readonly Reading[]
  /** Of each, so many that count; some before them do not. */
  readonly requests: number
  readonly log: (line: string) => void
}

const warmUp = 10

/** Asks over HTTP, one after the other, each with a key of the demo. @throws Error where an answer is not 200 */
export async function readTimes({ url, readings, requests, log }: ReadRequest): Promise<readonly ReadTimes[]> {
  const measured: ReadTimes[] = []
  for (const reading of readings) {
    const ms: number[] = []
    for (let index = -warmUp; index < requests; index += 1) {
      const begun = performance.now()
      await ask(url, reading, index + warmUp)
      if (index >= 0) ms.push(performance.now() - begun)
    }
    measured.push({ name: reading.name, ms })
    log(`${reading.name}: ${ms.toSorted((a, b) => a - b)[Math.ceil(requests * 0.95) - 1]!.toFixed(1)} ms`)
  }
  return measured
}

export async function ask(url: string, { as, path }: Reading, index: number): Promise<unknown> {
  const response = await fetch(`${url}${path(index)}`, { headers: { Authorization: `Bearer demo-${as}` } })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${path(index)}: ${response.status} ${text}`)
  return JSON.parse(text)
}
