import type { NoticeOutcome } from '../domain/core/input.ts'
import { type WhomToTell, whomToTell } from '../domain/whom-to-tell.ts'
import { type AppendJournal, appendInPassing } from './append-journal.ts'
import type { Carried, NoticeActivityInput } from './contract.ts'
import type { ActivityDependencies } from './create-activities.ts'
import { tellPeople } from './tell-people.ts'

/** Tells the people that a notice's target means today, each by their channels. */
export function sendNotice(
  deps: Pick<ActivityDependencies, 'store' | 'directory'>,
  append: AppendJournal,
): (input: NoticeActivityInput) => Promise<Carried<NoticeOutcome>> {
  return async input => {
    const passing = appendInPassing(append, input.journal)
    const { organisation, orderNo, notice, title } = input
    const { about, subject, at } = notice
    const whom = whomToTell(deps.directory(), organisation, notice, new Date().toISOString())
    const { people, standIns, top } = whom
    const id = `${orderNo}/${notice.id}`
    const outcome: NoticeOutcome =
      people.length === 0
        ? { ok: false, reason: whyNobody(notice.target, whom) }
        : await tellPeople(deps, { organisation, id, orderNo, people, standIns, about, subject, at, title })
    return { outcome: outcome.ok ? { ...outcome, ...(top && { top }) } : outcome, ...(await passing) }
  }
}

function whyNobody(target: string, { meant }: WhomToTell): string {
  if (meant.length === 0) return `nobody is ${target}`
  return `${meant.map(({ id }) => id).join(', ')}: not there, and nobody stands in`
}
