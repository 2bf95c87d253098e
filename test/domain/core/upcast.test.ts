import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EventType, eventData } from '../../../domain/core/events/event.ts'
import {
  liftEvent,
  liftState,
  stateSchemaVersion,
  upcastDefinition,
  upcastEvent,
  upcastState,
} from '../../../domain/core/events/upcast.ts'
import { evolve } from '../../../domain/core/evolve/evolve.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import { orderView } from '../../../domain/view/order-view.ts'
import { storedNames, storedText } from '../../replay/history-files.ts'
import { definitionFrom, processNamed } from '../definitions.ts'
import { type Golden, golden, today, unrecorded } from './golden/files.ts'
import { fullState } from './golden/full.ts'
import type { GoldenEvent } from './golden/samples.ts'

type Json = Readonly<Record<string, unknown>>

const states = golden<{ readonly schemaVersion: number } & Json>('states')
const events = golden<GoldenEvent>('events')

describe('what earlier code has written', () => {
  for (const name of Object.keys(today) as Golden[]) {
    it(`[U] is kept as golden ${name}, all that today's code can write included`, () => {
      assert.deepEqual(
        unrecorded(name),
        [],
        'if something was renamed or dropped: an upcaster first; then `npm run record-golden`',
      )
    })
  }

  it('[U] a state of any age becomes one that today’s code reads in full', () => {
    for (const state of states) {
      const lifted = upcastState(state)
      assert.deepEqual(strangers(lifted, fullState), [], `of schema version ${state.schemaVersion}: needs an upcaster`)
      assert.equal(lifted.schemaVersion, stateSchemaVersion)
    }
  })

  it('[U] an event of any age becomes one that today’s schema has', () => {
    const wrong = events.flatMap(event => {
      const lifted = upcastEvent(event)
      const read = eventData[lifted.type as EventType]?.safeParse(lifted.data)
      if (read === undefined) return [`${event.type}: there is no such event any more`]
      if (!read.success) return [`${event.type}: ${read.error.issues.map(issue => issue.path.join('.')).join(', ')}`]
      return strangers(lifted.data, read.data).map(path => `${event.type}: ${path} is not known any more`)
    })
    assert.deepEqual(wrong, [], 'renamed or dropped: needs an upcaster')
  })

  it('[U] every state can be shown, and takes every event', () => {
    const sales = processNamed('sales')
    for (const state of states) {
      const lifted = upcastState(state)
      const open = { ...lifted, closed: null } as OrderState
      assert.equal(orderView(sales, lifted).seq, lifted.seq)
      for (const event of events) assert.equal(evolve(open, upcastEvent(event)).seq, event.seq, event.type)
    }
  })

  it('[U] the definitions that orders were started with have nothing that today’s code does not know', () => {
    const everything = readFileSync(join(import.meta.dirname, '../check/good/everything.yaml'), 'utf8')
    const shipped = ['sales', 'express', 'cod', 'purchase', 'return'].map(processNamed)
    const known = new Set([definitionFrom(everything), ...shipped].flatMap(definition => [...shapeOf(definition)]))
    const shapes = storedNames().map(name => [name, shapeOf(upcastDefinition(inputOf(name).definition))] as const)
    const wrong = shapes.flatMap(([name, shape]) =>
      [...shape].filter(path => !known.has(path)).map(path => `${name}: ${path}`),
    )
    assert.deepEqual(wrong, [])
  })
})

describe('lifting', () => {
  it('[U] takes a state step by step, and refuses one of newer code', () => {
    const old = { schemaVersion: 1, owner: 'mei' }
    const first = ({ owner, ...rest }: Json) => ({ ...rest, who: owner })
    const second = ({ who, ...rest }: Json) => ({ ...rest, holder: who })
    assert.deepEqual(liftState(old, [first, second], 3), { schemaVersion: 3, holder: 'mei' })
    assert.deepEqual(liftState({ ...old, schemaVersion: 2 }, [first, second], 3), {
      schemaVersion: 3,
      owner: 'mei',
      holder: undefined,
    })
    assert.throws(() => liftState({ schemaVersion: 4 }, [first, second], 3), /schema version 4 is newer/)
    assert.throws(() => upcastState({ schemaVersion: stateSchemaVersion + 1 }), /newer than this code/)
  })

  it('[U] takes an event through all its names; what is lifted already stays', () => {
    const upcasters = {
      'step.begun': (event: Json) => ({ ...event, type: 'step.opened' }),
      'step.opened': (event: Json) => ({ ...event, type: 'step.entered' }),
      'step.entered': (event: Json) => {
        const { who, ...data } = event.data as Json
        return { ...event, data: who === undefined ? data : { ...data, owner: who } }
      },
    }
    const lifted = liftEvent({ type: 'step.begun', data: { who: 'mei' } } as { type: string }, upcasters)
    assert.deepEqual(lifted, { type: 'step.entered', data: { owner: 'mei' } })
    assert.deepEqual(liftEvent(lifted, upcasters), lifted)
  })
})

/** Paths of `old` that `now` does not have, or has as another kind of thing. */
function strangers(old: unknown, now: unknown, path = ''): readonly string[] {
  if (typeof old !== 'object' || old === null) return typeof old === typeof now || now === null ? [] : [path]
  if (typeof now !== 'object' || now === null) return [path]
  return Object.entries(old).flatMap(([key, value]) =>
    Object.hasOwn(now, key) ? strangers(value, (now as Json)[key], `${path}/${key}`) : [`${path}/${key}`],
  )
}

/** Its keys, whatever is in them how often; those that a definition chooses itself are all one. */
function shapeOf(value: unknown, path = ''): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap(item => [...shapeOf(item, `${path}[]`)]))
  if (typeof value !== 'object' || value === null) return new Set([path])
  const chosen = /\/(on|statuses|holds|calendars)$/.test(path)
  return new Set(Object.entries(value).flatMap(([key, item]) => [...shapeOf(item, `${path}/${chosen ? '*' : key}`)]))
}

function inputOf(history: string): { readonly definition: object } {
  const [started] = (JSON.parse(storedText(history)) as { events: readonly Json[] }).events
  const { input } = started!.workflowExecutionStartedEventAttributes as { input: { payloads: [{ data: string }] } }
  return JSON.parse(Buffer.from(input.payloads[0].data, 'base64').toString())
}
