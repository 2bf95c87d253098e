import type { RungDefinition } from '../../definition/definition-schema.ts'
import { stepStatuses } from '../../status.ts'
import type { LadderPlace } from './ladders.ts'
import { ancestors, type Findings, type RuleContext } from './rule.ts'

/** A fallback is a command that the clock gives: not all of them make sense everywhere. */
export function fallbacks(
  found: Findings,
  { definition }: RuleContext,
  { of, name, path, step: id }: LadderPlace,
  ladder: readonly RungDefinition[],
): void {
  ladder.forEach((rung, index) => {
    if (!('fallback' in rung)) return
    const at = [...path, index, 'fallback']
    if (rung.fallback === 'release' && of !== 'hold') {
      found.add('fallback_release', at, id, 'Use another fallback: only a hold is released.')
    }
    if (rung.fallback === 'continue' && of === 'hold') {
      found.add('fallback_continue', at, id, `Let the hold "${name}" fall back on release.`)
    }
    const step = of === 'step' || of === 'partial' ? definition.steps.find(other => other.id === id) : undefined
    if (step === undefined) return
    if (rung.fallback === 'continue' && step.kind === 'task' && countsAsApproval(definition, step.status)) {
      found.add('fallback_continue', at, id, `Let "${name}" fall back on cancel or review: nobody's silence is a yes.`)
    }
    if (rung.fallback !== 'cancel') return
    const before = ancestors(definition.steps, step.id)
    const past = definition.steps.find(other => other.irreversible && (other.id === step.id || before.has(other.id)))
    if (past === undefined) return
    const mend = `Let "${name}" fall back on review: once "${past.id}" is done nothing can be cancelled.`
    found.add('fallback_cancel', at, id, mend)
  })
}

function countsAsApproval(definition: RuleContext['definition'], status: string): boolean {
  if ((stepStatuses as readonly string[]).includes(status)) return status === 'pending_approval'
  return definition.statuses?.[status]?.counts_as === 'pending_approval'
}
