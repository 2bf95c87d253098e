import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkFile } from '../../cli/check/check-file.ts'
import { refuseInboxAlone } from '../../config/load-channels.ts'
import { loadSurroundings } from '../../config/processes.ts'
import { isReachable, personNamed } from '../../domain/directory.ts'
import { createChannels } from '../../notices/channels.ts'
import { describeChannels } from '../notices/telling.ts'

describe('channels and texts of the processes folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nolimbo-channels-'))
    cpSync('processes', folder, { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const change = (name: string, from: string, to: string) => {
    const text = readFileSync(join(folder, name), 'utf8')
    assert.ok(text.includes(from), from)
    writeFileSync(join(folder, name), text.replace(from, to))
  }
  const problems = () =>
    loadSurroundings(folder).problems.map(
      ({ file, line, message }) => `${file.slice(folder.length + 1)}:${line}: ${message}`,
    )
  const lineIn = (name: string, text: string) =>
    readFileSync(join(folder, name), 'utf8')
      .slice(0, readFileSync(join(folder, name), 'utf8').indexOf(text))
      .split('\n').length
  const robots = `channels:\n  mail: { type: mail, url: "smtp://localhost", from: a@b.example }\n  ops: { type: wecom, url: "\${OPS}" }\n`

  it('[U] a way to a person that is none is named with its line in people.yaml', () => {
    change('channels.yaml', 'channels: {}\n', robots)
    change('people.yaml', 'roles: [finance], manager: ling', 'roles: [finance], manager: ling, channels: [inbox, chat]')
    change(
      'people.yaml',
      'roles: [warehouse], manager: ling',
      'roles: [warehouse], manager: ling, channels: [{ channel: mail, address: nowhere }]',
    )
    change(
      'people.yaml',
      'roles: [logistics], manager: ling',
      'roles: [logistics], manager: ling, channels: [{ channel: inbox, address: x }]',
    )
    assert.deepEqual(problems(), [
      `people.yaml:${lineIn('people.yaml', 'id: fang')}: people.4.channels.1: there is no channel "chat" in channels.yaml`,
      `people.yaml:${lineIn('people.yaml', 'id: wu')}: people.5.channels.0: "mail" is mail: an address is written like "mei@example.com"`,
      `people.yaml:${lineIn('people.yaml', 'id: luo')}: people.6.channels.0: the inbox has no address`,
    ])
  })

  it('[U] a last resort that is nobody is refused', () => {
    change('channels.yaml', 'person: admin', 'person: nobody')
    assert.match(problems()[0]!, /^channels\.yaml:\d+: lastResort: nobody is called "nobody"/)
    change('channels.yaml', '{ person: nobody }', '{ channel: ops }')
    assert.match(problems()[0]!, /lastResort: there is no channel "ops"/)
    change('channels.yaml', '{ channel: ops }', '{ channel: inbox }')
    assert.match(problems()[0]!, /lastResort: the inbox is nobody's/)
  })

  it('[U] a text with an unknown field is refused with its file and line', () => {
    change('texts.yaml', '催办：{orderNo}', '催办：{orderNumber}')
    const line = lineIn('texts.yaml', '催办：{orderNumber}')
    assert.match(
      problems()[0]!,
      new RegExp(`^texts\\.yaml:${line}: texts\\.remind\\.zh\\.subject: no notice has "orderNumber"`),
    )
  })

  it('[U] a channel with a key that it does not have is refused', () => {
    change('channels.yaml', 'channels: {}', 'channels: { ops: { type: slack, url: "https://x", secret: y } }')
    assert.match(problems()[0]!, /channels\.ops\.secret: "secret" is not known here/)
  })

  it('[U] without inboxIsDelivery the inbox alone tells nobody, and the check refuses', () => {
    const options = { from: '2026-01-05T00:00:00.000Z' }
    assert.ok(isReachable(personNamed(loadSurroundings(folder).directory, 'main', 'mei')!))
    change('channels.yaml', 'inboxIsDelivery: true', 'inboxIsDelivery: false')
    change('channels.yaml', 'channels: {}\n', robots)
    change('people.yaml', 'roles: [sales-supervisor]', 'channels: [ops], roles: [sales-supervisor]')
    const surroundings = loadSurroundings(folder)
    assert.deepEqual(surroundings.problems, [])
    assert.ok(isReachable(personNamed(surroundings.directory, 'main', 'mei')!))
    assert.ok(!isReachable(personNamed(surroundings.directory, 'main', 'ling')!))
    const report = checkFile(join(folder, 'sales.yaml'), surroundings, options)
    assert.equal(report.result, 'refused')
    assert.ok(report.problems.some(({ code }) => code === 'owner_unreachable'))
    assert.ok(report.problems.every(({ mend }) => !mend.includes('role:sales-supervisor')))
  })

  it('[U] the inbox counts as telling somebody on a loopback address only', () => {
    const trying = { channels: describeChannels({}, { inboxIsDelivery: true }) }
    refuseInboxAlone(trying, '127.0.0.1')
    assert.throws(
      () => refuseInboxAlone(trying, '0.0.0.0'),
      /channels\.yaml: inboxIsDelivery is for trying out.*0\.0\.0\.0/,
    )
    refuseInboxAlone({ channels: describeChannels({}) }, '0.0.0.0')
  })

  it('[U] an environment variable that is missing is named, and an address that is none refused, not shown', () => {
    const one = (description: object) => describeChannels({ ops: description })
    const hook = { type: 'webhook', url: `https://\${HOST}/x`, secret: `\${SECRET}` }
    assert.throws(() => createChannels(one(hook), {}), /channel ops: environment variable not set: HOST, SECRET$/)
    assert.throws(
      () => createChannels(one({ type: 'slack', url: 'ftp://key' }), {}),
      /^Error: channel ops: url is no address that begins with http:\/\/ or https:\/\/$/,
    )
    assert.throws(
      () => createChannels(one({ type: 'mail', url: 'localhost', from: 'a@b.c' }), {}),
      /smtp:\/\/ or smtps:\/\//,
    )
  })

  it('[U] each robot has the rate that its service allows, unless told otherwise', () => {
    const url = 'https://example.com'
    const channels = createChannels(
      describeChannels({
        wecom: { type: 'wecom', url },
        dingtalk: { type: 'dingtalk', url },
        feishu: { type: 'feishu', url },
        slack: { type: 'slack', url },
        slower: { type: 'slack', url, rate: [{ count: 3, per: '1m' }] },
      }),
      {},
    )
    const rates = [...channels].map(
      ([name, { rates: own }]) => `${name} ${own.map(({ count, per }) => `${count}/${per}`)}`,
    )
    assert.deepEqual(rates, [
      'wecom 20/60000',
      'dingtalk 20/60000',
      'feishu 100/60000,5/1000',
      'slack 1/1000',
      'slower 3/60000',
    ])
  })
})
