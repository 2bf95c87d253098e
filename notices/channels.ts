import type { Address, ChannelDescription, ChannelsDescription, Rate } from '../domain/notice/channels-schema.ts'
import { mail } from './mail.ts'
import { dingtalk, feishu, slack, wecom } from './robots.ts'
import type { Transport } from './transport.ts'
import { webhook } from './webhook.ts'

export interface Channel {
  readonly transport: Transport
  readonly rates: readonly Rate[]
  readonly tries: number
  readonly retryAfterMs: number
  readonly timeoutMs: number
  /** What is limited, and what is dead if it is: the robot, or the mail address. */
  robotOf(address: Address): string
}

export type Channels = ReadonlyMap<string, Channel>

/** What each service allows, as it documents it; of mail, to one person. */
const allowed: Readonly<Record<ChannelDescription['type'], readonly Rate[]>> = {
  mail: [{ count: 6, per: 60_000 }],
  webhook: [],
  wecom: [{ count: 20, per: 60_000 }],
  dingtalk: [{ count: 20, per: 60_000 }],
  feishu: [
    { count: 100, per: 60_000 },
    { count: 5, per: 1000 },
  ],
  slack: [{ count: 1, per: 1000 }],
}

/** Throws an error that names each environment variable that is missing, and each address that is none. */
export function createChannels(
  { channels }: ChannelsDescription,
  environment: Readonly<Record<string, string | undefined>>,
): Channels {
  return new Map(Object.entries(channels).map(([name, description]) => [name, channel(name, description, environment)]))
}

function channel(
  name: string,
  description: ChannelDescription,
  environment: Readonly<Record<string, string | undefined>>,
): Channel {
  const missing = new Set<string>()
  const fill = (text: string) =>
    text.replace(/\$\{([^}]*)\}/g, (_, variable: string) => {
      if (!environment[variable]) missing.add(variable)
      return environment[variable] ?? ''
    })
  const transport = transportOf(name, description, fill, missing)
  const { type, rate, tries, retryAfter, timeout } = description
  return {
    transport,
    rates: rate ?? allowed[type],
    tries,
    retryAfterMs: retryAfter,
    timeoutMs: timeout,
    robotOf: ({ address }) => (type === 'mail' ? `${name} ${address}` : name),
  }
}

function transportOf(
  name: string,
  description: ChannelDescription,
  fill: (text: string) => string,
  missing: ReadonlySet<string>,
): Transport {
  const url = fill(description.url)
  const secret = 'secret' in description && description.secret !== undefined ? fill(description.secret) : undefined
  if (missing.size > 0) throw new Error(`channel ${name}: environment variable not set: ${[...missing].join(', ')}`)
  const schemes = description.type === 'mail' ? ['smtp:', 'smtps:'] : ['http:', 'https:']
  // An address may hold a key: it is not shown.
  if (!schemes.includes(URL.parse(url)?.protocol ?? '')) {
    throw new Error(`channel ${name}: url is no address that begins with ${schemes.join('// or ')}//`)
  }
  const timeoutMs = description.timeout
  switch (description.type) {
    case 'mail':
      return mail({ url, from: description.from, timeoutMs })
    case 'webhook':
      return webhook({ url, secret: secret!, timeoutMs })
    case 'wecom':
      return wecom({ url, timeoutMs })
    case 'dingtalk':
      return dingtalk({ url, secret, timeoutMs })
    case 'feishu':
      return feishu({ url, secret, timeoutMs })
    case 'slack':
      return slack({ url, timeoutMs })
    default:
      return description satisfies never
  }
}
