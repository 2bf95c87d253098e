import { activityInfo } from '@temporalio/activity'
import type { NoticeOutcome } from '../domain/core/input.ts'
import type { Directory } from '../domain/directory.ts'
import { climb, type FiredRung } from '../domain/exception/climb.ts'
import { type KindRules, rulesOf } from '../domain/exception/exception-rules.ts'
import { exceptionLabels } from '../domain/exception/kind.ts'
import { type WhomToTell, whomToTell } from '../domain/whom-to-tell.ts'
import type { DueException } from '../store/exception-clock.ts'
import { answerBy } from './answer-by.ts'
import type { ExceptionClockActivities } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'
import { lastResort } from './last-resort.ts'
import { tellPeople } from './tell-people.ts'

type Needed = Pick<ActivityDependencies, 'store' | 'outbox' | 'directory' | 'definition' | 'exceptions'>

/** Whatever is more comes with the next turn, which follows at once. */
const atOnce = 50

/** Until then it is known whom a notice has reached, or it counts as undelivered. */
const answerMs = 45_000

/**
 * Does what the clock has to do about an organisation's exceptions, and says when it has to come back. A rung is told
 * under an id of its own before it is recorded: whatever dies in between, it is told, and told once.
 */
export function fireExceptions(deps: Needed): ExceptionClockActivities['exceptions.fire'] {
  return async ({ organisation }) => {
    const at = new Date().toISOString()
    const until = answerBy(activityInfo(), answerMs, Date.now())
    const due = await deps.store.dueExceptions(organisation, at, atOnce)
    const directory = await deps.directory()
    const tried = await Promise.allSettled(due.map(exception => fire(deps, directory, exception, at, until)))
    const nextDueAt = due.length === atOnce ? at : await deps.store.nextExceptionDue(organisation)
    // One that cannot be told now keeps none of the others waiting, and is tried again.
    const [failed] = tried.filter(result => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return { due: due.length, nextDueAt }
  }
}

async function fire(
  deps: Needed,
  directory: Directory,
  exception: DueException,
  at: string,
  answerBy: string,
): Promise<void> {
  const rules = rulesOf(deps.exceptions, exception.kind)
  const action = climb(rules, exception, at)
  switch (action.do) {
    case 'wait':
      await deps.store.recordClock(exception, action)
      return
    case 'lapse':
      await deps.store.recordLapse(exception, at)
      return
    case 'tell': {
      const { telling, clock, dueAt } = action
      const told = await tell(
        deps,
        directory,
        exception,
        telling,
        await processOwnerOf(deps, exception, rules),
        at,
        answerBy,
      )
      const { action: how, target, level, missed } = telling
      const data = { action: how, target, ...(level > 0 && { level }), ...(missed > 0 && { missed }), ...told }
      await deps.store.recordClock(exception, { clock, dueAt, happened: { at, type: 'told', actor: 'clock', data } })
      return
    }
    default:
      action satisfies never
  }
}

/** Of the order that it belongs to; else whoever owns exceptions of its kind. */
async function processOwnerOf(deps: Needed, exception: DueException, rules: KindRules): Promise<string> {
  const { organisation, processId: id, processVersion: version } = exception
  if (id === null || version === null) return rules.owner
  return (await deps.definition({ organisation, id, version })).owner
}

/** What of a rung stands in the history. */
interface Told {
  readonly persons?: readonly string[]
  readonly channel?: string
  readonly undelivered?: string
  readonly lastResort?: string
}

/** Those who are meant; where they cannot be told, the process owner; where nobody is left above them, the last resort. */
async function tell(
  deps: Needed,
  directory: Directory,
  exception: DueException,
  { name, target, level }: FiredRung,
  processOwner: string,
  at: string,
  answerBy: string,
): Promise<Told> {
  const { organisation, id, orderNo, owner, kind, climb: which, evidence } = exception
  const say = async (suffix: string, whom: WhomToTell): Promise<NoticeOutcome> => {
    const { people, standIns, meant } = whom
    if (people.length === 0) {
      const who = meant.map(person => person.id).join(', ')
      return { ok: false, reason: who === '' ? 'nobody is meant' : `${who}: not there, and nobody stands in` }
    }
    return tellPeople(deps, {
      ...{ organisation, orderNo, people, standIns, owner, processOwner, at, answerBy },
      id: `exception/${id}/${which}/${name}${suffix}`,
      about: 'exception',
      subject: `exception:${id}`,
      title: exceptionLabels[kind],
      fields: { reason: evidence.seen },
    })
  }
  const whom = (wanted: string, up: number) =>
    whomToTell(directory, organisation, { target: wanted, owner, level: up, processOwner }, at)
  const wanted = target === 'process-owner' ? processOwner : target === 'owner' ? owner : target
  const meant = whom(wanted, level)
  const first = await say('', meant)
  const outcome = first.ok || wanted === processOwner ? first : await say('/undelivered', whom(processOwner, 0))
  const told: Told = outcome.ok
    ? { persons: outcome.persons, channel: outcome.channel, ...(first.ok ? {} : { undelivered: first.reason }) }
    : { undelivered: first.ok || first === outcome ? outcome.reason : `${first.reason}; ${outcome.reason}` }
  if (outcome.ok && !(meant.top && level > 0)) return told
  const last = await say('/last-resort', await lastResort(deps, organisation))
  return { ...told, lastResort: last.ok ? last.persons.join(', ') : last.reason }
}
