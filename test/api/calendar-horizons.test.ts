import assert from 'node:assert/strict'
import { pino } from 'pino'
import { tellHorizons } from '../../api/calendar-horizons.ts'
import { createMetrics } from '../../api/metrics.ts'
import { loadProcesses } from '../../config/processes.ts'
import { loadCalendar } from '../domain/calendar/calendars.ts'

describe('the horizons of the calendars', () => {
  const calendars = { 'cn-office': loadCalendar('cn-office'), 'wall-clock': loadCalendar('wall-clock') }
  const processes = { ...loadProcesses('processes'), calendars }

  function warnedAt(now: string): { calendars: unknown[]; metrics: ReturnType<typeof createMetrics> } {
    const warned: { level: number; calendar: unknown }[] = []
    const logger = pino({ level: 'warn' }, { write: (line: string) => warned.push(JSON.parse(line)) })
    const metrics = createMetrics()
    tellHorizons({ processes, clock: () => new Date(now), metrics, logger })
    return { calendars: warned.map(({ calendar }) => calendar), metrics }
  }

  it('[U] are told thirty days before, and for as long as nobody brings in the next year', () => {
    assert.deepEqual(warnedAt('2026-12-01T15:59:59.999Z').calendars, [])
    assert.deepEqual(warnedAt('2026-12-01T16:00:00.000Z').calendars, ['cn-office'])
    assert.deepEqual(warnedAt('2027-03-01T00:00:00.000Z').calendars, ['cn-office'])
  })

  it('[U] are there for Prometheus to alert on', async () => {
    const { metrics } = warnedAt('2026-01-01T00:00:00.000Z')
    const text = await metrics.registry.metrics()
    const seconds = Date.parse('2026-12-31T16:00:00.000Z') / 1000
    assert.match(text, new RegExp(`nolimbo_calendar_horizon_seconds\\{calendar="cn-office"\\} ${seconds}\\n`))
  })
})
