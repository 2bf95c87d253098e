import assert from 'node:assert/strict'
import type { Event } from '../../../domain/core/events/event.ts'
import type { CompiledDefinition } from '../../../domain/definition/compiled-definition.ts'
import { drive, type World } from '../../../domain/simulate/virtual-driver.ts'
import { processNamed } from '../definitions.ts'
import { orderOf } from '../specification.ts'

const sales = processNamed('sales')
const minuteMs = 60_000
const shanghai = (time: string) => Date.parse(`2026-${time}:00+08:00`)
const closes = shanghai('09-30T18:00')
const opens = shanghai('10-08T09:00')

/** Systems answer at once, nobody does anything, and what the clock does is written down. */
const nobody: World = {
  answer: (_, nowMs) => ({ atMs: nowMs + 1000, outcome: { ok: true, result: {} } }),
  tell: ({ target }, nowMs) => ({ atMs: nowMs + 1000, outcome: { ok: true, persons: [target], channel: 'inbox' } }),
  react: () => [],
}

/** When, and what: every rung, exception, reminder and review after the order was placed. */
function alarms(definition: CompiledDefinition, total: number, startMs: number): { atMs: number; what: string }[] {
  const journal: Event[] = []
  drive(definition, orderOf({ total }), nobody, {
    startMs,
    untilMs: opens + 7 * 86_400_000,
    onTurn: turn => void journal.push(...turn.events),
  })
  return journal.flatMap(event => {
    const about = event.type === 'notice.requested' ? event.data.about : undefined
    const silent =
      about === 'entered' || !(about !== undefined || /^(rung|exception|review|order\.closed)/.test(event.type))
    return silent ? [] : [{ atMs: Date.parse(event.at), what: about ?? event.type }]
  })
}

describe('[U] a week of holidays', () => {
  // Every half hour of 30 September, from midnight to midnight: before the office opens, while it is open, after it closed.
  const starts = Array.from({ length: 48 }, (_, index) => shanghai('09-30T00:00') + index * 30 * minuteMs)

  for (const [name, total] of [
    ['an approval', 20_000],
    ['a signature', 100],
  ] as const) {
    it(`in which ${name} is awaited passes without an alarm, a reminder or an end`, () => {
      for (const startMs of starts) {
        const during = alarms(sales, total, startMs).filter(({ atMs }) => atMs > closes && atMs < opens)
        assert.deepEqual(during, [], new Date(startMs).toISOString())
      }
    })
  }

  it('is followed by the reminder of an order placed shortly before, when its two working hours are over', () => {
    for (const startMs of starts.filter(at => at > shanghai('09-30T16:00'))) {
      const [first] = alarms(sales, 20_000, startMs)
      // What was left of 30 September counts.
      const worked = Math.max(0, closes - startMs)
      assert.deepEqual(
        first,
        { atMs: opens + 120 * minuteMs - worked, what: 'rung.fired' },
        new Date(startMs).toISOString(),
      )
    }
  })

  it('would raise alarms if its calendar did not know it', () => {
    const special = sales.calendars['cn-office']!.special.filter(day => day.length > 1)
    const calendars = { 'cn-office': { ...sales.calendars['cn-office']!, special } }
    const during = alarms({ ...sales, calendars }, 20_000, shanghai('09-30T17:00')).filter(
      ({ atMs }) => atMs > closes && atMs < opens,
    )
    assert.ok(during.some(({ what }) => what === 'rung.fired'))
    assert.ok(during.some(({ what }) => what === 'order.closed'))
  })
})
