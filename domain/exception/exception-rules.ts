import type { CompiledCalendar } from '../calendar/compile-calendar.ts'
import type { Rung } from '../definition/compiled-definition.ts'
import type { Duration } from '../parse-duration.ts'
import type { ExceptionKind, Severity } from './kind.ts'

/** A rung of an exception's ladder: it tells people, and does nothing else. */
export type TellingRung = Extract<Rung, { action: 'remind' | 'escalate' }>

/** How the exceptions of one kind are treated. */
export interface KindRules {
  readonly severity: Severity
  /** Of those that nothing else gives an owner; also told where the owner cannot be, and there is no process owner. */
  readonly owner: string
  readonly calendar: CompiledCalendar
  /** Its last rung repeats. */
  readonly ladder: readonly TellingRung[]
  /** How long an acknowledgement holds. */
  readonly acknowledgedFor: Duration
  /** Of a ghost: how long its order may be late. */
  readonly after: Duration
}

/** `processes/exceptions.yaml`, compiled; empty where that file has problems. */
export type ExceptionRules = Readonly<Partial<Record<ExceptionKind, KindRules>>>

/** @throws TypeError where the file had problems: nothing is started then. */
export function rulesOf(rules: ExceptionRules, kind: ExceptionKind): KindRules {
  const found = rules[kind]
  if (found === undefined) throw new TypeError(`no rules for exceptions of the kind "${kind}"`)
  return found
}
