import assert from 'node:assert/strict'
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { DeterminismViolationError } from '@temporalio/workflow'
import { workflowBundle } from '../workflow-bundle.ts'
import { hushRuntime } from '../workflows/hush-runtime.ts'
import { fromText, type History, namesOf, storedNames, storedText } from './history-files.ts'
import { scenarios } from './scenarios.ts'

/*
 * Orders run for weeks: today's code must take every stored history to the same commands. Where that cannot be, running
 * orders need their old workers, and `npm run record-histories -- --force` says that it was meant.
 */

describe('today’s code, with the histories of orders that run already', function () {
  this.timeout(60_000)
  let bundle: WorkflowBundleWithSourceMap
  const names = Object.entries(scenarios).flatMap(([name, scenario]) => namesOf(name, scenario))

  before(async () => {
    hushRuntime()
    bundle = await workflowBundle()
  })

  /** What is wrong with each replay; undefined: nothing. */
  const replay = async (histories: Readonly<Record<string, History>>) => {
    const wrongs = new Map<string, Error | undefined>()
    const replays = Object.entries(histories).map(([workflowId, history]) => ({ workflowId, history }))
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, replays)) {
      wrongs.set(workflowId, error)
    }
    return wrongs
  }

  it('[R] each path has its history, and each history its path', () => {
    assert.deepEqual(storedNames().toSorted(), names.toSorted(), 'npm run record-histories')
  })

  it('[R] goes the same way as when it was recorded', async () => {
    const stored = names.filter(name => storedNames().includes(name))
    const wrongs = await replay(Object.fromEntries(stored.map(name => [name, fromText(storedText(name))])))
    assert.deepEqual([...wrongs.keys()].toSorted(), stored.toSorted())
    const messages = [...wrongs].flatMap(([name, error]) => (error ? `${name}: ${error.message}` : []))
    assert.deepEqual(messages, [], 'running orders would stop; see the comment above')
  })

  /** Changes what the first event that fits says; its payloads are JSON in base64. */
  const tampered = (name: string, before: string, after: string): History => {
    const encode = (text: string) => Buffer.from(text).toString('base64')
    const events = (JSON.parse(storedText(name)) as { events: object[] }).events
    let changed = 0
    const text = JSON.stringify({ events }, (key, value: unknown) => {
      if (changed > 0 || typeof value !== 'string') return value
      const plain = key === 'data' ? Buffer.from(value, 'base64').toString() : value
      if (!plain.includes(before)) return value
      changed += 1
      return key === 'data' ? encode(plain.replace(before, after)) : plain.replace(before, after)
    })
    assert.equal(changed, 1, `nothing in ${name} says ${before}`)
    return fromText(text)
  }

  const tamperings: Readonly<Record<string, readonly [string, string]>> = {
    'the name of an activity': ['payment.authorise', 'payment.authorize'],
    'the argument of an Update': ['{"command":{"type":"approve"', '{"command":{"type":"reject"'],
    'the definition': ['"do":"inventory.reserve"', '"do":"inventory.hoard"'],
    'what a call brought back': [
      '{"outcome":{"ok":true,"result":{}}',
      '{"outcome":{"ok":false,"code":"no","message":"no","certainty":"not_done"}',
    ],
  }

  it('[R] goes another way where a history was tampered with, which shows that a replay notices', async () => {
    const all = Object.entries(tamperings).map(([what, [before, after]]) => [
      what,
      tampered('sales-signed', before, after),
    ])
    const wrongs = await replay(Object.fromEntries(all) as Record<string, History>)
    for (const [what, error] of wrongs) assert.ok(error instanceof DeterminismViolationError, `${what}: ${error}`)
    assert.equal(wrongs.size, Object.keys(tamperings).length)
  })
})
