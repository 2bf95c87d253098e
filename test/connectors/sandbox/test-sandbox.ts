import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallbackTarget } from '../../../connectors/sandbox/callbacks.ts'
import { type RunningSandbox, startSandbox } from '../../../connectors/sandbox/server.ts'

export interface HttpAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says; the tests look at it
  readonly body: any
}

/** Asks a server on the loopback interface; `key` goes into the Idempotency-Key header. */
export class HttpClient {
  readonly url: string

  constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`
  }

  get(path: string): Promise<HttpAnswer> {
    return this.send('GET', path)
  }

  put(path: string, body: unknown): Promise<HttpAnswer> {
    return this.send('PUT', path, body)
  }

  post(path: string, body: unknown, key?: string): Promise<HttpAnswer> {
    return this.send('POST', path, body, key)
  }

  async send(method: string, path: string, body?: unknown, key?: string, signal?: AbortSignal): Promise<HttpAnswer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(key ? { 'idempotency-key': key } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    })
    return { status: response.status, body: await response.json() }
  }
}

/** A sandbox in a folder of its own, which goes with it. */
export class TestSandbox {
  readonly folder: string
  #running!: RunningSandbox
  client!: HttpClient

  private constructor(folder: string) {
    this.folder = folder
  }

  static async start(callback?: CallbackTarget): Promise<TestSandbox> {
    const sandbox = new TestSandbox(await mkdtemp(join(tmpdir(), 'sandbox-')))
    await sandbox.#run(callback)
    return sandbox
  }

  get url(): string {
    return this.client.url
  }

  async restart(callback?: CallbackTarget): Promise<void> {
    await this.#running.close()
    await this.#run(callback)
  }

  async stop(): Promise<void> {
    await this.#running.close()
    await rm(this.folder, { recursive: true })
  }

  async #run(callback?: CallbackTarget): Promise<void> {
    this.#running = await startSandbox({ port: 0, folder: this.folder, ...(callback ? { callback } : {}) })
    this.client = new HttpClient(this.#running.port)
  }
}

export const order = { organisation: 'main', orderNo: 'S-1' }
export const money = { ...order, amount: '120.00', currency: 'CNY' }
export const lines = [
  { line: 1, sku: 'TEA', quantity: 10 },
  { line: 2, sku: 'CUP', quantity: 3 },
]
export const goods = { ...order, lines }
