import { activityInfo } from '@temporalio/activity'
import type { NoticeOutcome } from '../domain/core/input.ts'
import { type WhomToTell, whomToTell } from '../domain/whom-to-tell.ts'
import { answerBy } from './answer-by.ts'
import { type AppendJournal, appendInPassing } from './append-journal.ts'
import type { Carried, NoticeActivityInput } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'
import { lastResort } from './last-resort.ts'
import { tellPeople } from './tell-people.ts'

/** The order waits for a minute at most. */
const answerMs = 48_000

/** Tells the people that a notice's target means today, each by their channels. */
export function sendNotice(
  deps: Pick<ActivityDependencies, 'store' | 'outbox' | 'directory'>,
  append: AppendJournal,
): (input: NoticeActivityInput) => Promise<Carried<NoticeOutcome>> {
  return async input => {
    const passing = appendInPassing(append, input.journal)
    const { organisation, orderNo, notice, title } = input
    const { about, subject, at, owner, processOwner } = notice
    const whom =
      notice.target === 'last-resort'
        ? await lastResort(deps, organisation)
        : whomToTell(await deps.directory(), organisation, notice, new Date().toISOString())
    const { people, standIns, top } = whom
    if (people.length === 0) {
      return { outcome: { ok: false, reason: whyNobody(notice.target, whom) }, ...(await passing) }
    }
    const what = { orderNo, about, subject, at, title, owner, processOwner }
    const outcome = await tellPeople(deps, {
      organisation,
      id: `${orderNo}/${notice.id}`,
      people,
      standIns,
      ...what,
      answerBy: answerBy(activityInfo(), answerMs, Date.now()),
    })
    return { outcome: outcome.ok ? { ...outcome, ...(top && { top }) } : outcome, ...(await passing) }
  }
}

function whyNobody(target: string, { meant }: WhomToTell): string {
  if (meant.length === 0) return `nobody is ${target}`
  return `${meant.map(({ id }) => id).join(', ')}: not there, and nobody stands in`
}
