import { commandTypes } from '../../core/commands/command.ts'
import { statuses, stepStatuses } from '../../status.ts'
import { ancestors, Findings, type Rule } from './rule.ts'

/** Everything that is named exists. */
export const names: Rule = context => {
  const { definition, calendars, matrices, operations } = context
  const found = new Findings()
  const ids = definition.steps.map(step => step.id)
  const isStep = (id: string) => ids.includes(id)
  const ownStatuses = Object.keys(definition.statuses ?? {})
  const known = (names: readonly string[]) => names.join(', ') || 'none'

  if (!Object.hasOwn(calendars, definition.calendar)) {
    const mend = `Name a calendar that exists instead of "${definition.calendar}": ${known(Object.keys(calendars))}.`
    found.add('unknown_calendar', ['calendar'], null, mend)
  }
  if (!Object.hasOwn(matrices, definition.permissions)) {
    const mend = `Name a permission matrix that exists instead of "${definition.permissions}": ${known(Object.keys(matrices))}.`
    found.add('unknown_permissions', ['permissions'], null, mend)
  }
  for (const status of ownStatuses.filter(status => (statuses as readonly string[]).includes(status))) {
    found.add(
      'status_taken',
      ['statuses', status],
      null,
      `Rename the status "${status}": it is one of the canonical ones.`,
    )
  }
  definition.steps.forEach((step, index) => {
    const at = (...path: PropertyKey[]) => ['steps', index, ...path]
    if (ids.indexOf(step.id) !== index) {
      found.add('duplicate_step', at('id'), step.id, `Rename this step: another one is called "${step.id}" already.`)
    }
    step.after?.forEach((id, place) => {
      if (isStep(id)) return
      found.add(
        'unknown_step',
        at('after', place),
        step.id,
        `Name a step that exists instead of "${id}": ${known(ids)}.`,
      )
    })
    if (!(stepStatuses as readonly string[]).includes(step.status) && !ownStatuses.includes(step.status)) {
      const mend = `Declare "${step.status}" under statuses, or use one of ${known([...stepStatuses, ...ownStatuses])}.`
      found.add('unknown_status', at('status'), step.id, mend)
    }
    if (step.calendar !== undefined && !Object.hasOwn(calendars, step.calendar)) {
      const mend = `Name a calendar that exists instead of "${step.calendar}": ${known(Object.keys(calendars))}.`
      found.add('unknown_calendar', at('calendar'), step.id, mend)
    }
    for (const key of ['do', 'undo', 'check'] as const) {
      const operation = key in step ? (step as { [K in typeof key]?: string })[key] : undefined
      if (operation === undefined || operations.includes(operation)) continue
      const mend = `Name an operation that a connector offers instead of "${operation}": ${known(operations)}.`
      found.add('unknown_operation', at(key), step.id, mend)
    }
    if (step.kind !== 'task' || typeof step.onReject !== 'object') return
    const to = step.onReject.send_back
    const path = at('onReject', 'send_back')
    const before = ancestors(definition.steps, step.id)
    if (!isStep(to)) {
      found.add('unknown_step', path, step.id, `Name a step that exists instead of "${to}": ${known(ids)}.`)
    } else if (to !== step.id && !before.has(to)) {
      found.add('send_back', path, step.id, `Send back to a step that comes before "${step.id}": "${to}" does not.`)
    } else {
      const between = definition.steps.find(
        ({ id, irreversible }) =>
          irreversible && before.has(id) && (id === to || ancestors(definition.steps, id).has(to)),
      )
      if (between === undefined) return
      const mend = `Send back to a step after "${between.id}", which cannot be undone.`
      found.add('send_back', path, step.id, mend)
    }
  })
  for (const [type, hold] of Object.entries(definition.holds ?? {})) {
    const { steps = 'all', commands = [] } = hold.blocks ?? {}
    const blocks = ['holds', type, 'blocks']
    if (steps !== 'all') {
      steps.forEach((id, place) => {
        if (isStep(id)) return
        const mend = `Name a step that exists instead of "${id}": ${known(ids)}.`
        found.add('unknown_step', [...blocks, 'steps', place], null, mend)
      })
    }
    if (commands === 'all') continue
    commands.forEach((command, place) => {
      if ((commandTypes as readonly string[]).includes(command)) return
      const mend = `Name a command that exists instead of "${command}": ${known(commandTypes)}.`
      found.add('unknown_command', [...blocks, 'commands', place], null, mend)
    })
  }
  return found.problems
}
