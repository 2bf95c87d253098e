import { createHmac } from 'node:crypto'
import { judgeCode, post } from './post.ts'
import { type Sending, sendingFailed, type Transport } from './transport.ts'

/*
 * Chat robots in their documented formats. WeCom, DingTalk and Feishu answer 200 whatever happens, with a code.
 */

interface Robot {
  readonly url: string
  readonly secret?: string | undefined
  readonly timeoutMs: number
}

/** WeCom (企业微信) group robot: https://developer.work.weixin.qq.com/document/path/91770 */
export function wecom({ url, timeoutMs }: Robot): Transport {
  return {
    mostBytes: 2048,
    send: ({ subject, text, address }) => {
      const mentioned = address === null ? {} : { mentioned_list: [address] }
      const body = JSON.stringify({ msgtype: 'text', text: { content: `${subject}\n${text}`, ...mentioned } })
      return post({ url, body, timeoutMs }, answer =>
        judgeCode(answer, { code: ['errcode'], message: ['errmsg'] }, { limited: [45009, 45033], busy: [-1] }),
      )
    },
  }
}

/** DingTalk (钉钉) custom robot: https://open.dingtalk.com/document/robots/custom-robot-access */
export function dingtalk({ url, secret, timeoutMs }: Robot): Transport {
  return {
    mostBytes: 18_000,
    send: ({ subject, text, address }) => {
      const to = new URL(url)
      if (secret !== undefined) {
        const timestamp = Date.now()
        to.searchParams.set('timestamp', String(timestamp))
        to.searchParams.set('sign', hmac(secret, `${timestamp}\n${secret}`))
      }
      // Who is mentioned must stand in the text as well.
      const mention = address === null ? '' : `\n@${address}`
      const at = address === null ? { isAtAll: false } : { atUserIds: [address], isAtAll: false }
      const body = JSON.stringify({ msgtype: 'text', text: { content: `${subject}\n${text}${mention}` }, at })
      return post({ url: to.href, body, timeoutMs }, answer =>
        judgeCode(
          answer,
          { code: ['errcode'], message: ['errmsg'] },
          { limited: [130101, 660026, 410100, 90030], busy: [-1] },
        ),
      )
    },
  }
}

/** Feishu (飞书) custom bot: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
export function feishu({ url, secret, timeoutMs }: Robot): Transport {
  return {
    mostBytes: 18_000,
    send: ({ subject, text, address }) => {
      const timestamp = String(Math.floor(Date.now() / 1000))
      // The signed text is the key, and nothing is hashed with it.
      const signed = secret === undefined ? {} : { timestamp, sign: hmac(`${timestamp}\n${secret}`, '') }
      const mention = address === null ? '' : `\n<at user_id="${address.replace(/["<>&]/g, '')}"></at>`
      const content = { text: `${plain(subject)}\n${plain(text)}${mention}` }
      return post({ url, body: JSON.stringify({ ...signed, msg_type: 'text', content }), timeoutMs }, answer =>
        judgeCode(
          answer,
          { code: ['code', 'StatusCode'], message: ['msg', 'StatusMessage'] },
          { limited: [11232, 9499], busy: [] },
        ),
      )
    },
  }

  /** An order's data mention nobody. */
  function plain(text: string): string {
    return text.replace(/<\/?at\b/gi, '‹at')
  }
}

/** Slack incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export function slack({ url, timeoutMs }: Robot): Transport {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return {
    mostBytes: 12_000,
    send: ({ subject, text, address }) => {
      const mention = address === null ? '' : `<@${escaped(address)}> `
      const body = JSON.stringify({ text: `${mention}*${escaped(subject)}*\n${escaped(text)}` })
      return post({ url, body, timeoutMs }, slackAnswer)
    },
  }
}

function slackAnswer(answer: string): Sending {
  return answer.trim() === 'ok' ? { ok: true } : sendingFailed(`answered ${answer.slice(0, 200)}`)
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64')
}
