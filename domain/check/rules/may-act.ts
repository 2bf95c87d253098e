import type { CommandType } from '../../core/commands/command.ts'
import { resolve } from '../../directory.ts'
import { type StepStatus, stepStatuses } from '../../status.ts'
import { exploredOrder } from '../explore/explored-order.ts'
import { type About, Permissions } from '../explore/permissions.ts'
import { Findings, type Rule, type RuleContext } from './rule.ts'

/** Wherever a person must act there is one who may, whatever the order contains. */
export const mayAct: Rule = context => {
  const { definition, directory, organisation } = context
  const found = new Findings()
  const matrix = context.matrices[definition.permissions]
  if (matrix === undefined) return []
  const permissions = new Permissions(
    matrix,
    directory,
    exploredOrder(definition.flow ?? 'none', directory, organisation),
  )
  const may = (type: CommandType, about: About) => permissions.whoMay(type, about).always

  definition.steps.forEach((step, index) => {
    if (step.kind !== 'task') return
    const status = countsAs(definition, step.status)
    if (may('approve', { status, step: step.id, owners: [step.owner ?? definition.owner] })) return
    const mend = `Allow somebody to approve "${step.id}" while the order is ${status}, in the matrix "${definition.permissions}".`
    found.add('nobody_may', ['steps', index], step.id, mend)
  })
  const review: About = { status: 'manual_review', step: '', owners: [definition.review?.owner ?? definition.owner] }
  if (!(['retry', 'cancel', 'release'] as const).some(type => may(type, review))) {
    const mend = `Allow somebody to retry, cancel or release while the order is manual_review, in the matrix "${definition.permissions}".`
    found.add('nobody_may', ['review'], null, mend)
  }
  for (const [type, { release = [] }] of Object.entries(definition.holds ?? {})) {
    release.forEach((who, place) => {
      if (resolve(directory, organisation, who, who).length > 0) return
      const mend = `Name somebody whom the directory knows instead of "${who}".`
      found.add('release_nobody', ['holds', type, 'release', place], null, mend)
    })
    if (may('release', { status: 'on_hold', step: '', owners: [], mayRelease: release })) continue
    const mend = `Let somebody release the hold "${type}" whom the matrix "${definition.permissions}" allows to release.`
    found.add('nobody_may', ['holds', type], null, mend)
  }
  return found.problems
}

/** The canonical status that a step's own one stands for. */
export function countsAs(definition: RuleContext['definition'], status: string): StepStatus {
  if ((stepStatuses as readonly string[]).includes(status)) return status as StepStatus
  return definition.statuses?.[status]?.counts_as ?? 'pending_approval'
}
