import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { EntryLog } from '../../../connectors/sandbox/entry-log.ts'
import { HttpClient, money } from './test-sandbox.ts'

const sources = join(import.meta.dirname, '../../../connectors/sandbox')

interface Child {
  readonly process: ChildProcess
  readonly client: HttpClient
}

async function startProcess(folder: string): Promise<Child> {
  const child = spawn(process.execPath, [join(sources, 'main.ts')], {
    env: { ...process.env, SANDBOX_DATA: folder, SANDBOX_PORT: '0', SANDBOX_CALLBACK_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const messages: unknown[] = []
  child.on('message', message => messages.push(message))
  const [line] = await once(createInterface({ input: child.stdout! }), 'line')
  const listening = JSON.parse(line)
  if (messages.length === 0) await once(child, 'message')
  assert.deepEqual(messages, [listening])
  return { process: child, client: new HttpClient(listening.listening) }
}

async function kill(child: Child): Promise<void> {
  const exited = once(child.process, 'exit')
  child.process.kill('SIGKILL')
  await exited
}

describe('sandbox: its process and its log', () => {
  let folder: string
  let child: Child | undefined
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  })
  afterEach(async () => {
    if (child && child.process.exitCode === null && child.process.signalCode === null) await kill(child)
    await rm(folder, { recursive: true })
  })

  it('[E] what was answered is in the ledger after kill -9, and a torn last line is not', async () => {
    child = await startProcess(folder)
    const { client } = child
    const answered = new Map<string, unknown>()
    const work = Array.from({ length: 20 }, async (_, worker) => {
      for (let round = 1; ; round += 1) {
        const key = `main/S-${worker}/payment/${round}`
        const answer = await client
          .post('/payments/authorise', { ...money, orderNo: `S-${worker}` }, key)
          .catch(() => null)
        if (!answer) return
        answered.set(key, answer.body)
      }
    })
    const giveUpAt = performance.now() + 8000
    while (answered.size < 500 && performance.now() < giveUpAt) await new Promise(setImmediate)
    await kill(child)
    assert.ok(answered.size >= 500, `only ${answered.size} in 8 s`)
    await Promise.all(work)
    await appendFile(join(folder, 'entries.jsonl'), '{"type":"done","kind":"authorise","key":"to')

    child = await startProcess(folder)
    const ledger = (await child.client.get('/ledger')).body
    const keys = ledger.authorisations.map((entry: { key: string }) => entry.key)
    assert.deepEqual(
      [...answered.keys()].filter(key => !keys.includes(key)),
      [],
    )
    assert.equal(new Set(keys).size, keys.length)
    const [key, body] = [...answered].at(-1)!
    const again = await child.client.post('/payments/authorise', { ...money, orderNo: key.split('/')[1] }, key)
    assert.deepEqual(again.body, body)
    await kill(child)
    child = await startProcess(folder)
    assert.deepEqual((await child.client.get('/ledger')).body, ledger)
  })

  it('[E] ends when its parent goes away', async () => {
    child = await startProcess(folder)
    const exited = once(child.process, 'exit')
    child.process.disconnect()
    assert.deepEqual(await exited, [0, null])
  })

  it('[U] a log with a broken line in the middle is not taken up', async () => {
    const path = join(folder, 'entries.jsonl')
    await writeFile(
      path,
      '{"type":"sent","fact":"a","status":202}\nnonsense\n{"type":"sent","fact":"b","status":202}\n',
    )
    await assert.rejects(
      EntryLog.open(path, () => {}),
      /line 2 is not an entry: nonsense/,
    )
  })

  it('[U] after a torn line the log goes on with whole ones', async () => {
    const path = join(folder, 'entries.jsonl')
    const entry = (fact: string) => ({ type: 'sent', fact, status: 202 }) as const
    await writeFile(path, `${JSON.stringify(entry('买'))}\n${JSON.stringify(entry('torn')).slice(0, 12)}`)
    const log = await EntryLog.open(path, () => {})
    for (let index = 0; index < 10; index += 1) {
      log.append(entry(String(index)))
      if (index % 3 === 0) await log.durable()
    }
    await log.close()
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    assert.deepEqual(
      lines.map(line => JSON.parse(line).fact),
      ['买', ...Array.from({ length: 10 }, (_, index) => String(index))],
    )
  })

  it('[U] what is being written is not durable yet', async () => {
    const log = await EntryLog.open(join(folder, 'entries.jsonl'), () => {})
    log.append({ type: 'sent', fact: 'a', status: 202 })
    let written = false
    const first = log.durable().then(() => {
      written = true
    })
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
    assert.equal(written, false)
    await log.durable()
    assert.equal(written, true)
    await first
    await log.close()
  })

  it('[U] a write that fails is never reported as durable', async () => {
    const log = await EntryLog.open(join(folder, 'entries.jsonl'), () => {})
    await log.close()
    log.append({ type: 'sent', fact: 'a', status: 202 })
    await assert.rejects(log.durable())
    log.append({ type: 'sent', fact: 'b', status: 202 })
    await assert.rejects(log.durable())
  })

  it('[U] is a stranger: imports nothing of the order system', async () => {
    const files = (await readdir(sources)).filter(file => file.endsWith('.ts'))
    assert.ok(files.length > 5)
    for (const file of files) {
      const source = await readFile(join(sources, file), 'utf8')
      const imported = [...source.matchAll(/from '([^']+)'/g)].map(match => match[1]!)
      assert.deepEqual(
        imported.filter(name => !/^(\.\/[a-z-]+\.ts|node:[a-z/]+|express|zod)$/.test(name)),
        [],
        file,
      )
    }
  })
})
