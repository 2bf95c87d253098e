import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { loadSurroundings } from '../../config/processes.ts'
import { exceptionKinds } from '../../domain/exception/kind.ts'

const hourMs = 3_600_000

describe('exceptions.yaml', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nolimbo-exceptions-'))
    cpSync('processes', folder, { recursive: true })
  })
  after(() => rmSync(folder, { recursive: true }))

  const usual = {
    owner: 'zhao',
    calendar: 'cn-office',
    acknowledged: '2d',
    ladder: [
      { after: '1h', remind: 'owner' },
      { after: '2h', escalate: 'manager', every: '3h' },
    ],
  }
  const load = (text: string) => {
    writeFileSync(join(folder, 'exceptions.yaml'), text)
    const { exceptions, problems } = loadSurroundings(folder)
    return { exceptions, problems: problems.map(({ line, message }) => `${line}: ${message}`) }
  }
  const rules = (kinds: object = {}, changes: object = {}) => {
    const loaded = load(stringify({ usual: { ...usual, ...changes }, kinds }))
    assert.deepEqual(loaded.problems, [])
    return loaded.exceptions
  }

  it('[U] says for each kind how grave it is, whose, by which calendar, and how it climbs', () => {
    const compiled = rules({
      ghost: {
        severity: 'critical',
        owner: 'role:order-desk',
        calendar: 'wall-clock',
        acknowledged: '5h',
        after: '3h',
      },
      mismatch: { ladder: [{ after: '5m', escalate: 'process-owner', every: '10m' }] },
    })
    assert.deepEqual(Object.keys(compiled), exceptionKinds)
    const { ghost, mismatch, overdue } = compiled
    assert.deepEqual([ghost!.severity, overdue!.severity, mismatch!.severity], ['critical', 'warning', 'error'])
    assert.deepEqual([ghost!.owner, overdue!.owner], ['role:order-desk', 'zhao'])
    assert.deepEqual([ghost!.calendar.id, overdue!.calendar.id], ['wall-clock', 'cn-office'])
    assert.deepEqual([ghost!.acknowledgedFor.ms, overdue!.acknowledgedFor.days], [5 * hourMs, 2])
    assert.deepEqual([ghost!.after.ms, rules().ghost!.after.days], [3 * hourMs, 1])
    assert.deepEqual(
      [mismatch!, overdue!].map(({ ladder }) => ladder.map(({ action, target, every }) => [action, target, every?.ms])),
      [
        [['escalate', 'process-owner', 600_000]],
        [
          ['remind', 'owner', undefined],
          ['escalate', 'manager', 3 * hourMs],
        ],
      ],
    )
  })

  it('[U] is refused, with its line, where somebody could be forgotten or nobody told', () => {
    const lines = (changes: Record<string, string>, kinds = '') => {
      const { owner = 'zhao', calendar = 'cn-office', acknowledged = '2d', ladder } = changes
      const rungs = ladder ?? '[{ after: 1h, remind: owner, every: 1h }]'
      const text = `usual:\n  owner: ${owner}\n  calendar: ${calendar}\n  acknowledged: ${acknowledged}\n  ladder: ${rungs}\n`
      const { exceptions, problems } = load(`${text}${kinds}`)
      assert.deepEqual(exceptions, {}, 'no rules at all rather than half of them')
      return problems
    }
    assert.deepEqual(lines({ owner: 'nobody' }), ['2: usual.owner: nobody is "nobody"'])
    assert.deepEqual(lines({ calendar: 'moon' }), ['3: usual.calendar: there is no calendar "moon"'])
    assert.match(lines({ acknowledged: 'soon' })[0]!, /^4: usual\.acknowledged: a duration is written like/)
    assert.match(lines({ ladder: '[]' })[0]!, /^5: usual\.ladder: /)
    const ladder = (rungs: string) => lines({ ladder: `[${rungs}]` })
    assert.match(ladder('{ after: 1h, remind: owner }')[0]!, /^5: usual\.ladder\.0: the last rung must repeat/)
    assert.match(
      ladder('{ after: 1h, transfer: owner, every: 1h }')[0]!,
      /usual\.ladder\.0: a rung is "after" with remind/,
    )
    assert.match(ladder('{ after: 1h, remind: x, every: 1h }')[0]!, /usual\.ladder\.0: nobody is "x"/)
    const hours = '{ after: 2h, remind: owner }, { after: 1h, remind: owner, every: 1h }'
    assert.match(ladder(hours)[0]!, /usual\.ladder\.1\.after: 1h is not later than the rung before/)
    assert.match(ladder('{ after: 1h, remind: owner, every: 1h! }')[0]!, /all rungs of a ladder count working time/)
    const kinds = (text: string) => lines({}, `kinds:\n  ${text}\n`)[0]!
    assert.match(kinds('failed: { after: 1d }'), /^7: kinds\.failed\.after: only a ghost has it/)
    assert.match(kinds('odd: { severity: error }'), /^7: .*odd/)
    // Nothing raises it: what was said of it would do nothing.
    assert.match(kinds('rule: { severity: error }'), /^7: .*rule/)
    assert.match(kinds('failed: { severity: bad }'), /^7: kinds\.failed\.severity: /)
    assert.match(kinds('failed: { colour: red }'), /^7: kinds\.failed\.colour: "colour" is not known here/)
    assert.match(kinds('failed: { calendar: moon }'), /^7: kinds\.failed\.calendar: there is no calendar "moon"/)
    assert.match(kinds('failed: { owner: role:astronaut }'), /^7: kinds\.failed\.owner: nobody is "role:astronaut"/)
    assert.match(
      kinds('failed: { ladder: [{ after: 1h, remind: owner }] }'),
      /^7: kinds\.failed\.ladder\.0: the last rung/,
    )
  })
})
