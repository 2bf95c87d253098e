import type { RungDefinition } from '../../definition/definition-schema.ts'
import { isReachable, resolve } from '../../directory.ts'
import { Findings, type Rule, type RuleContext } from './rule.ts'

/** Everything has an owner who exists and can be told, and every rung tells such a person. */
export const owners: Rule = context => {
  const { definition } = context
  const found = new Findings()
  judgeOwner(context, found, ['owner'], null, definition.owner)
  const review = definition.review
  if (review !== undefined) {
    if (judgeOwner(context, found, ['review', 'owner'], null, review.owner))
      judgeTargets(context, found, ['review', 'ladder'], null, review.owner, review.ladder)
  }
  for (const [type, hold] of Object.entries(definition.holds ?? {})) {
    const path = ['holds', type]
    if (hold.owner === undefined) {
      found.add('owner_missing', path, null, `Give the hold "${type}" an owner.`)
      continue
    }
    if (judgeOwner(context, found, [...path, 'owner'], null, hold.owner))
      judgeTargets(context, found, [...path, 'ladder'], null, hold.owner, hold.ladder)
  }
  definition.steps.forEach((step, index) => {
    const path = ['steps', index]
    if (step.owner === undefined) {
      found.add('owner_missing', path, step.id, `Give "${step.id}" an owner.`)
      return
    }
    if (!judgeOwner(context, found, [...path, 'owner'], step.id, step.owner)) return
    judgeTargets(context, found, [...path, 'ladder'], step.id, step.owner, step.ladder)
    const partial = step.kind === 'call' && typeof step.partial === 'object' ? step.partial : undefined
    judgeTargets(context, found, [...path, 'partial', 'ladder'], step.id, step.owner, partial?.ladder)
  })
  return found.problems
}

function judgeOwner(
  { directory, organisation }: RuleContext,
  found: Findings,
  path: PropertyKey[],
  step: string | null,
  owner: string,
): boolean {
  const people = resolve(directory, organisation, owner, owner)
  if (people.some(isReachable)) return true
  if (people.length === 0) {
    found.add(
      'owner_unknown',
      path,
      step,
      `Name an owner whom the directory knows and who has not left instead of "${owner}".`,
    )
  } else {
    found.add('owner_unreachable', path, step, `Name an owner who has a channel: nobody behind "${owner}" can be told.`)
  }
  return false
}

/** Follows the ladder of an owner who is there: after a transfer the targets are those of the new one. */
function judgeTargets(
  { directory, organisation, definition }: RuleContext,
  found: Findings,
  path: PropertyKey[],
  step: string | null,
  firstOwner: string,
  ladder: readonly RungDefinition[] = [],
): void {
  let owner = firstOwner
  ladder.forEach((rung, index) => {
    const action = (['remind', 'escalate', 'transfer'] as const).find(name => name in rung)
    if (action === undefined) return
    const target = (rung as Record<string, string>)[action]!
    const meant = target === 'owner' ? owner : target === 'process-owner' ? definition.owner : target
    const people = resolve(directory, organisation, meant, owner)
    const reachable = people.filter(isReachable)
    if (meant !== owner || owner !== firstOwner) {
      const who = target === 'manager' ? `"${owner}" has no manager` : `the directory knows nobody behind "${target}"`
      const at = [...path, index, action]
      if (people.length === 0) {
        found.add('target_unknown', at, step, `Let this rung tell somebody else: ${who}.`)
      } else if (reachable.length === 0) {
        found.add(
          'target_unreachable',
          at,
          step,
          `Let this rung tell somebody else: nobody behind "${target}" has a channel.`,
        )
      }
    }
    if (action === 'transfer') owner = reachable[0]?.id ?? definition.owner
  })
}
