import type { CommandType } from '../../core/commands/command.ts'
import { confirmerFlaws } from '../../permission/judge-matrix.ts'
import { exploredOrder } from '../explore/explored-order.ts'
import { type About, Permissions } from '../explore/permissions.ts'
import { countsAs } from './may-act.ts'
import { Findings, type Rule } from './rule.ts'

/**
 * Out of every status that an order of this process can wait in there is somebody who can get it by a command, without
 * a second person and whatever the order contains; and who needs a second person can have one.
 */
export const waysOut: Rule = context => {
  const { definition, directory, organisation, matrices } = context
  const found = new Findings()
  const matrix = matrices[definition.permissions]
  if (matrix === undefined) return []
  const order = exploredOrder(definition.flow ?? 'none', directory, organisation)
  const permissions = new Permissions(matrix, directory, order)
  const judge = (about: About, step: string | null, ways: readonly CommandType[]) => {
    if (ways.some(type => permissions.whoMay(type, about).always)) return
    const mend = `Allow somebody to ${ways.join(' or ')} while the order is ${about.status}, in the matrix "${definition.permissions}".`
    found.add('no_way_out', ['permissions'], step, mend)
  }
  for (const step of definition.steps) {
    const about = { status: countsAs(definition, step.status), step: step.id, owners: [step.owner ?? definition.owner] }
    judge(about, step.id, step.kind === 'task' ? ['approve', 'reject', 'send_back', 'cancel'] : ['send_back', 'cancel'])
  }
  if (Object.keys(definition.holds ?? {}).length > 0)
    judge({ status: 'on_hold', step: '', owners: [] }, null, ['release', 'cancel'])
  const reviewed = {
    status: 'manual_review' as const,
    step: '',
    owners: [definition.review?.owner ?? definition.owner],
  }
  judge(reviewed, null, ['retry', 'send_back', 'release', 'cancel'])
  const people = directory.people.filter(person => person.organisation === organisation)
  for (const { path, mend } of confirmerFlaws(matrix, people)) {
    found.add(
      'nobody_confirms',
      ['permissions'],
      null,
      `${mend.slice(0, -1)} (${path.join('.')} of "${matrix.matrix}").`,
    )
  }
  return found.problems
}
