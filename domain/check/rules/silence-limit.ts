import { durationMs } from '../../calendar/working-time.ts'
import { parseDuration } from '../../parse-duration.ts'
import { Findings, type Rule } from './rule.ts'

/** A definition may lower the installation's bound on silence, not raise it. */
export const silenceLimit: Rule = ({ definition, calendars, maximumSilence }) => {
  const found = new Findings()
  const calendar = calendars[definition.calendar]
  if (calendar === undefined) return []
  for (const key of ['task', 'wait'] as const) {
    const text = definition.silence?.[key]
    const own = text === undefined ? undefined : parseDuration(text)
    const most = parseDuration(maximumSilence[key])
    // One in wall time is a bound beside the installation's, which holds all the same.
    if (own === undefined || most === undefined || own.wall !== most.wall) continue
    if (durationMs(calendar, own) <= durationMs(calendar, most)) continue
    const mend = `Lower "silence.${key}" to ${maximumSilence[key]} or less: only the installation may raise it.`
    found.add('silence_raised', ['silence', key], null, mend)
  }
  return found.problems
}
