import { z } from 'zod'
import { identifier, ownerText } from '../definition/definition-schema.ts'
import { durationText, parseDuration, wallMs } from '../duration.ts'
import { timeZoneText } from './quiet-hours.ts'

/*
 * The ways in which people are told (`processes/channels.yaml`). Addresses and secrets take ${VARIABLES} from the
 * environment.
 */

const milliseconds = durationText
  .refine(text => (parseDuration(text)?.days ?? 0) === 0, 'at most hours')
  .transform(text => wallMs(parseDuration(text)!))

const rate = z.strictObject({ count: z.int().min(1).max(100_000), per: milliseconds })
export type Rate = z.infer<typeof rate>

const common = {
  rate: z
    .array(rate)
    .max(4)
    .optional()
    .describe('how many messages at most in how long; default: as the service allows'),
  tries: z.int().min(1).max(20).default(5).describe('after so many that came to nothing the channel counts as dead'),
  retryAfter: milliseconds.default(1000).describe('the wait after the first try, doubled after each further one'),
  timeout: milliseconds.default(10_000).describe('of one try'),
}
const url = z.string().min(1).describe(`may hold \${ENVIRONMENT_VARIABLES}`)
const secret = z.string().min(1).describe(`from the environment: \${VARIABLE}`)

const channelSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('mail'),
    url: url.describe(`of the server, like "smtps://user:\${MAIL_PASSWORD}@mail.example.com"`),
    from: z.string().min(3),
    ...common,
  }),
  z.strictObject({ type: z.literal('webhook'), url, secret, ...common }),
  z.strictObject({ type: z.literal('wecom'), url, ...common }),
  z.strictObject({ type: z.literal('dingtalk'), url, secret: secret.optional(), ...common }),
  z.strictObject({ type: z.literal('feishu'), url, secret: secret.optional(), ...common }),
  z.strictObject({ type: z.literal('slack'), url, ...common }),
])
export type ChannelDescription = z.infer<typeof channelSchema>

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** One way to a person: a channel, and whom it is to reach there. */
export const addressSchema = z.strictObject({
  channel: identifier,
  address: z.string().min(1).max(200).optional().describe('of mail the address; of a robot whom it mentions'),
})
export type Address = z.infer<typeof addressSchema>

export const channelsSchema = z.strictObject({
  inboxIsDelivery: z
    .boolean()
    .default(false)
    .describe('the inbox alone counts as telling somebody: for trying out, on a loopback address only'),
  timeZone: timeZoneText.describe('of the times in texts, and of quiet hours that name none'),
  owner: ownerText.describe('who is told that a channel is dead'),
  lastResort: z
    .union([
      z.strictObject({ person: identifier }),
      addressSchema.extend({ language: z.enum(languages).default('en') }),
    ])
    .optional()
    .describe('who is told when nobody at the top has answered: at any hour'),
  channels: z
    .record(identifier, channelSchema)
    .refine(channels => !Object.hasOwn(channels, 'inbox'), 'the inbox is there by itself'),
})
export type ChannelsDescription = z.infer<typeof channelsSchema>

export const noChannels: ChannelsDescription = {
  inboxIsDelivery: false,
  timeZone: 'UTC',
  owner: 'role:admin',
  channels: {},
}

/** What is wrong with a way to a person; undefined: nothing. */
export function addressFlaw({ channels }: ChannelsDescription, { channel, address }: Address): string | undefined {
  if (channel === 'inbox') return address === undefined ? undefined : 'the inbox has no address'
  const description = Object.hasOwn(channels, channel) ? channels[channel] : undefined
  if (description === undefined) return `there is no channel "${channel}" in channels.yaml`
  if (description.type === 'mail' && !/^[^\s@<>,]+@[^\s@<>,]+$/.test(address ?? ''))
    return `"${channel}" is mail: an address is written like "mei@example.com"`
  return
}
