import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadProcesses } from '../../config/processes.ts'

describe('loadProcesses', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nolimbo-processes-'))
    cpSync('processes', folder, { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const change = (name: string, from: string | RegExp, to: string) => {
    const text = readFileSync(join(folder, name), 'utf8')
    const changed = text.replace(from, to)
    assert.notEqual(changed, text)
    write(name, changed)
  }
  const problems = () =>
    loadProcesses(folder).problems.map(
      ({ file, line, message }) => `${file.slice(folder.length + 1)}:${line}: ${message}`,
    )

  it('[U] reads the folder that comes with the project, without a problem', () => {
    const loaded = loadProcesses('processes')
    assert.deepEqual(loaded.problems, [])
    assert.ok(loaded.definitions.some(({ definition }) => definition.process === 'sales'))
    assert.ok(Object.hasOwn(loaded.matrices, 'standard'))
    assert.ok(Object.hasOwn(loaded.calendars, 'cn-office'))
    assert.ok(loaded.directory.people.some(({ id }) => id === 'zhao'))
    assert.equal(loaded.operations['payment.authorise'], 'key')
    assert.equal(loaded.operations['carrier.track'], 'key')
    const sales = loaded.definitions.find(({ definition }) => definition.process === 'sales')!
    assert.equal(sales.text.split('\n')[sales.lineOf(['steps', 0, 'id']) - 1], '  - id: approval')
  })

  it('[U] takes a folder without channels, texts and rules of exceptions for one to try things out', () => {
    for (const name of ['channels.yaml', 'texts.yaml', 'exceptions.yaml']) rmSync(join(folder, name))
    const loaded = loadProcesses(folder)
    assert.deepEqual(loaded.problems, [])
    assert.equal(loaded.channels.inboxIsDelivery, true)
    assert.deepEqual(loaded.channels.lastResort, { person: 'admin' })
    assert.equal(loaded.exceptions.ghost?.owner, 'admin')
    assert.deepEqual(loaded.texts, loadProcesses('processes').texts)
  })

  it('[U] collects what is wrong, each with its file and line', () => {
    write('one.yaml', 'process: one\nversion: 1\nversion: 2\n')
    write('two.yaml', 'rules: []\n')
    write('three.yml', 'process: three\n')
    change('people.yaml', 'manager: mei', 'manager: nobody')
    change('calendars/cn-office.yaml', 'Asia/Shanghai', 'Asia/Atlantis')
    const found = problems()
    assert.match(found.find(text => text.startsWith('one.yaml'))!, /^one\.yaml:3: /)
    assert.match(found.find(text => text.startsWith('two.yaml'))!, /is no process definition/)
    assert.match(found.find(text => text.startsWith('three.yml'))!, /must end in \.yaml/)
    assert.match(found.find(text => text.startsWith('people.yaml'))!, /people\.yaml:\d+: people\.0\.manager: nobody/)
    assert.match(found.find(text => text.startsWith('calendars'))!, /cn-office\.yaml:5: timeZone/)
    assert.match(found.find(text => text.startsWith('sales.yaml'))!, /sales\.yaml:\d+: calendar: there is no calendar/)
  })

  it('[U] refuses a calendar that cannot be right, each fault with its line', () => {
    const calendar = (lines: readonly string[]) => {
      const head = ['id: mine', 'title: { en: Mine, zh: 我的 }']
      write('calendars/mine.yaml', [...head, ...lines].join('\n'))
      return problems().map(text => text.replace(/^calendars\/mine\.yaml:/, ''))
    }
    const shanghai = 'timeZone: Asia/Shanghai'
    const monday = 'weekly: { mon: ["09:00-17:00"] }'
    const known = 'horizon: "2026-12-31"'
    assert.deepEqual(calendar([shanghai, monday, known]), [])
    assert.match(calendar(['timeZone: Mars/Olympus', monday, known])[0]!, /^3: timeZone: not a time zone/)
    assert.match(calendar([shanghai, 'weekly: { mon: [] }', known])[0]!, /^4: weekly: no working minute/)
    const shifts = [shanghai, 'weekly:', '  mon:', '    - "09:00-12:00"', '    - "11:00-13:00"', '    - "17:00-14:00"']
    const [overlap, reversed] = calendar([...shifts, known])
    assert.match(overlap!, /^7: weekly\.mon\.1: 11:00-13:00 overlaps/)
    assert.match(reversed!, /^8: weekly\.mon\.2: 17:00-14:00 ends before it begins/)
    const days = ['holidays:', '  - { date: "2026-10-01" }', '  - { date: "2027-01-01" }', 'makeUpDays:']
    const [past, both] = calendar([shanghai, monday, ...days, '  - { date: "2026-10-01" }', known])
    assert.match(past!, /^7: holidays\.1\.date: 2027-01-01 lies past the horizon/)
    assert.match(both!, /^9: makeUpDays\.0\.date: 2026-10-01 is listed as a holiday and as a make-up day/)
    assert.match(calendar([shanghai, monday])[0]!, /^\d+: horizon: missing/)
    assert.match(calendar([shanghai, monday, 'official: atlantis'])[0]!, /^5: official: .*known are: china/)
    const late = ['official: china', 'holidays:', '  - { date: "2099-01-01" }']
    assert.match(calendar([shanghai, monday, ...late])[0]!, /^7: holidays\.0\.date: .*officially known/)
  })

  it('[U] names an unknown key and its line', () => {
    change('sales.yaml', '    undo: payment.void', '    unod: payment.void')
    const line = readFileSync(join(folder, 'sales.yaml'), 'utf8').split('\n').indexOf('    unod: payment.void') + 1
    assert.deepEqual(problems(), [`sales.yaml:${line}: steps.1.unod: "unod" is not known here`])
  })

  it('[U] says what is wrong with one rung rather than that no form fits', () => {
    change('sales.yaml', '{ after: 2h, remind: owner }', '{ after: 2x, remind: owner }')
    assert.match(problems()[0]!, /steps\.0\.ladder\.0\.after: a duration is written like/)
  })

  it('[U] reads each permission condition', () => {
    change('permissions/standard.yaml', 'when: actor.id == placedBy', 'when: actor.nmae == placedBy')
    assert.match(problems()[0]!, /^permissions\/standard\.yaml:\d+: commands\.cancel\.0\.when: /)
  })

  it('[U] refuses the same version of a process, the same calendar and the same matrix twice', () => {
    cpSync(join(folder, 'sales.yaml'), join(folder, 'zz-sales.yaml'))
    cpSync(join(folder, 'calendars/cn-office.yaml'), join(folder, 'calendars/zz.yaml'))
    cpSync(join(folder, 'permissions/standard.yaml'), join(folder, 'permissions/zz.yaml'))
    const found = problems()
    assert.equal(found.length, 3)
    assert.ok(found.some(text => text.startsWith('zz-sales.yaml') && text.includes('is version 1 of "sales" already')))
  })

  it('[U] says that a file is missing', () => {
    rmSync(join(folder, 'people.yaml'))
    rmSync(join(folder, 'connectors.yaml'))
    const found = problems()
    assert.equal(found.length, 2)
    assert.ok(found.every(text => text.includes('cannot be read')))
    assert.equal(loadProcesses(join(folder, 'nowhere')).definitions.length, 0)
  })
})
