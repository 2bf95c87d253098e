/**
 * What the exploration covers and what it does not, for whoever reads its verdict. It drives the core itself, so it
 * needs no model of it; what it leaves out is here, and nowhere else.
 */
export const covered =
  'Every outcome of every call, every fact that is awaited or answered by cancel or review, every other command that the ' +
  'matrix allows, and every rung of every ladder, in any order; two lines of two units, two parcels; every step reopened ' +
  'any number of times; each type of hold; every condition true, false and impossible to evaluate. In each of these states ' +
  'one skip, rollback or override, and what follows from it.'

export const notCovered: readonly string[] = [
  'Two interruptions at once (a hold, a review of the whole order, a fact that comes before its step, going back, ' +
    'something kept that could not be undone); and where an order is interrupted or undone, the calls under way come back ' +
    'before anything else happens.',
  'More than two lines, units or parcels; amounts and quantities beyond none, a part and all.',
  'Facts that no step awaits and that are only recorded or ignored, and the goods that such a fact books.',
  'A hold that is placed while the order is being undone; undoing independent steps in another order; an undo that is ' +
    'given up while going back (it counts as failed).',
  'A person handing a step to somebody who cannot be told; people, roles, permissions and calendars that change later.',
  'Waiting for a second person: a proposal blocks nothing, changes nothing and lapses; what it leads to once confirmed is ' +
    'explored as done at once, and never counted on.',
  'A second skip, rollback or override; once an order has been set right by hand and is where orders do not come otherwise: ' +
    'holds, sending back, facts before their time, and calls that do a part, come back too late or cannot be undone.',
  'What people amend, and a migration: where it leaves an order is in the random properties of the core, not in this exploration.',
  'What a split or merge undoes is explored as a cancellation; that the new orders are begun then, and how long the orders ' +
    'of a merge wait for each other, is in the random properties of the core.',
  'A call that is never answered after it was cancelled: it counts as answered, at the latest as unknown, within its ' +
    'own time once more. A call that was lost in a run before it was due.',
  'An order that goes on after its workflow was lost.',
  'Temporal, the store or every channel being away: at each level (owner, manager, process owner) one channel delivers.',
  'Quiet hours: a notice that comes in them counts as delivered when its channel has it, up to twelve hours before it is sent.',
]
