import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { channelsSchema } from '../../domain/notice/channels-schema.ts'
import { createChannels } from '../../notices/channels.ts'
import type { Message, Sending } from '../../notices/transport.ts'
import { type Answer, type HttpReceiver, httpReceiver, type MailReceiver, mailReceiver } from './receivers.ts'

const message: Message = {
  id: '0123456789abcdef0123456789abcdef',
  organisation: 'main',
  person: 'mei',
  address: null,
  language: 'zh',
  subject: '催办：A-1 <b>',
  text: '订单 A-1 & co 仍停在“审批”',
  notices: [
    { id: 'A-1/n1', orderNo: 'A-1', about: 'remind', subject: 'step:approval', at: '2026-03-02T01:00:00.000Z' },
  ],
}
const secret = 'SEC-of-the-test'

function transport(description: Record<string, unknown>, environment: Record<string, string> = {}) {
  const parsed = channelsSchema.parse({
    timeZone: 'Asia/Shanghai',
    owner: 'role:admin',
    channels: { it: { timeout: '1s', ...description } },
  })
  return createChannels(parsed, environment).get('it')!.transport
}

const failed = (sending: Sending) => {
  assert.equal(sending.ok, false)
  return sending as Extract<Sending, { ok: false }>
}

describe('transports over HTTP', () => {
  let receiver: HttpReceiver
  beforeEach(async () => {
    receiver = await httpReceiver()
  })
  afterEach(() => receiver.close())
  const last = () => receiver.received.at(-1)!
  const answers = (answer: Answer) => {
    receiver.answer = () => answer
  }

  it('[I] webhook: signs the time and the body, and names the event', async () => {
    const url = `\${HOOK_URL}/hook`
    const it = transport(
      { type: 'webhook', url, secret: `\${HOOK_SECRET}` },
      { HOOK_URL: receiver.url, HOOK_SECRET: secret },
    )
    assert.deepEqual(await it.send(message), { ok: true })
    const { headers, body, url: to } = last()
    assert.equal(to.pathname, '/hook')
    assert.equal(headers['nolimbo-event-id'], message.id)
    const timestamp = headers['nolimbo-timestamp'] as string
    assert.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 5)
    const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
    assert.equal(headers['nolimbo-signature'], `sha256=${expected}`)
    assert.deepEqual(JSON.parse(body), message)
  })

  it('[I] WeCom: text with a mention; each of its codes as what it means', async () => {
    const it = transport({ type: 'wecom', url: `${receiver.url}/cgi-bin/webhook/send?key=k` })
    assert.deepEqual(await it.send({ ...message, address: 'mei' }), { ok: true })
    assert.equal(last().url.searchParams.get('key'), 'k')
    assert.deepEqual(JSON.parse(last().body), {
      msgtype: 'text',
      text: { content: `${message.subject}\n${message.text}`, mentioned_list: ['mei'] },
    })
    answers({ body: '{"errcode":93000,"errmsg":"invalid webhook url"}' })
    assert.deepEqual(await it.send(message), { ok: false, permanent: true, reason: 'code 93000 invalid webhook url' })
    answers({ body: '{"errcode":45009,"errmsg":"api freq out of limit"}' })
    const limited = failed(await it.send(message))
    assert.equal(limited.permanent, false)
    assert.ok(limited.waitMs! > 0)
    answers({ body: '{"errcode":-1,"errmsg":"system busy"}' })
    assert.equal(failed(await it.send(message)).permanent, false)
    answers({ body: 'what is this' })
    assert.deepEqual(await it.send(message), {
      ok: false,
      permanent: false,
      reason: 'an answer without a code: what is this',
    })
  })

  it('[I] DingTalk: the signature of its time stands in the address', async () => {
    const it = transport({ type: 'dingtalk', url: `${receiver.url}/robot/send?access_token=t`, secret })
    assert.deepEqual(await it.send({ ...message, address: 'u1' }), { ok: true })
    const { searchParams } = last().url
    const timestamp = searchParams.get('timestamp')!
    assert.match(timestamp, /^\d{13}$/)
    assert.equal(searchParams.get('access_token'), 't')
    assert.equal(
      searchParams.get('sign'),
      createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'),
    )
    const { msgtype, text, at } = JSON.parse(last().body)
    assert.equal(msgtype, 'text')
    assert.ok(text.content.startsWith(message.subject) && text.content.endsWith('@u1'))
    assert.deepEqual(at, { atUserIds: ['u1'], isAtAll: false })
    answers({ body: '{"errcode":310000,"errmsg":"sign not match"}' })
    assert.equal(failed(await it.send(message)).permanent, true)
    for (const code of [130101, 660026]) {
      answers({ body: `{"errcode":${code},"errmsg":"send too fast"}` })
      assert.ok(failed(await it.send(message)).waitMs! > 0)
    }
  })

  it('[I] Feishu: the signed time is the key over nothing', async () => {
    const it = transport({ type: 'feishu', url: `${receiver.url}/open-apis/bot/v2/hook/h`, secret })
    answers({ body: '{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}' })
    assert.deepEqual(await it.send({ ...message, address: 'ou_1', text: '<at user_id="all"></at>' }), { ok: true })
    const { timestamp, sign, msg_type, content } = JSON.parse(last().body)
    assert.match(timestamp, /^\d{10}$/)
    assert.equal(sign, createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64'))
    assert.equal(msg_type, 'text')
    assert.ok(content.text.endsWith('<at user_id="ou_1"></at>'))
    assert.ok(!content.text.includes('<at user_id="all">'))
    answers({ body: '{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}' })
    assert.equal(failed(await it.send(message)).permanent, true)
    for (const code of [11232, 9499]) {
      answers({ body: `{"code":${code},"msg":"frequency limited"}` })
      assert.ok(failed(await it.send(message)).waitMs! > 0)
    }
  })

  it('[I] Slack: escaped text; its wait and its refusals', async () => {
    const it = transport({ type: 'slack', url: `${receiver.url}/services/T/B/x` })
    answers({ body: 'ok' })
    assert.deepEqual(await it.send({ ...message, address: 'U1' }), { ok: true })
    assert.deepEqual(JSON.parse(last().body), {
      text: '<@U1> *催办：A-1 &lt;b&gt;*\n订单 A-1 &amp; co 仍停在“审批”',
    })
    answers({ status: 429, body: 'rate_limited', headers: { 'retry-after': '7' } })
    assert.deepEqual(await it.send(message), {
      ok: false,
      permanent: false,
      reason: 'HTTP 429 rate_limited',
      waitMs: 7000,
    })
    answers({ status: 404, body: 'no_service' })
    assert.deepEqual(await it.send(message), { ok: false, permanent: true, reason: 'HTTP 404 no_service' })
    answers({ status: 500, body: 'rollup_error' })
    assert.equal(failed(await it.send(message)).permanent, false)
  })

  it('[I] no transport follows a redirect, waits for ever, or tells the key of an address', async () => {
    const it = transport({ type: 'wecom', url: `${receiver.url}/send?key=very-secret` })
    answers({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })
    assert.equal(failed(await it.send(message)).permanent, true)
    answers({ delayMs: 5000 })
    assert.deepEqual(await it.send(message), { ok: false, permanent: false, reason: 'no answer within 1000 ms' })
    await receiver.close()
    const away = failed(await it.send(message))
    assert.equal(away.permanent, false)
    assert.ok(!away.reason.includes('very-secret'))
    receiver = await httpReceiver()
  })
})

describe('mail', () => {
  let receiver: MailReceiver
  afterEach(() => receiver.close())

  it('[I] brings subject, text and the same Message-ID whenever it is sent', async () => {
    receiver = await mailReceiver({ user: 'nolimbo', pass: 'secret' })
    const it = transport({ type: 'mail', url: receiver.url, from: 'Orders <orders@example.com>' })
    const toMei = { ...message, address: 'mei@example.com', subject: `${message.subject}\r\nBcc: all@example.com` }
    assert.deepEqual(await it.send(toMei), { ok: true })
    assert.deepEqual(await it.send(toMei), { ok: true })
    const [first, second] = receiver.mails
    assert.equal(first!.messageId, `<${message.id}@nolimbo>`)
    assert.equal(second!.messageId, first!.messageId)
    assert.ok(first!.subject!.startsWith(message.subject))
    assert.equal(first!.text!.trim(), message.text)
    assert.equal(first!.bcc, undefined)
    assert.equal(first!.headers.get('auto-submitted'), 'auto-generated')
  })

  it('[I] tells a refusal for good from one for now', async () => {
    receiver = await mailReceiver()
    const it = transport({ type: 'mail', url: receiver.url, from: 'orders@example.com' })
    const toMei = { ...message, address: 'mei@example.com' }
    receiver.refuse = () => 550
    assert.equal(failed(await it.send(toMei)).permanent, true)
    receiver.refuse = () => 451
    assert.equal(failed(await it.send(toMei)).permanent, false)
    await receiver.close()
    assert.equal(failed(await it.send(toMei)).permanent, false)
    receiver = await mailReceiver({ user: 'nolimbo', pass: 'other' })
    const wrong = transport({ type: 'mail', url: receiver.url.replace('other', 'wrong'), from: 'orders@example.com' })
    assert.equal(failed(await wrong.send(toMei)).permanent, true)
  })
})
