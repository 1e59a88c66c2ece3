import { X509Certificate } from "node:crypto"
import { createSecureContext } from "node:tls"

/** What TLS is given as PEM. */
export interface Pem {
  readonly ca?: Buffer | undefined
  readonly cert?: Buffer | undefined
  readonly key?: Buffer | undefined
}

/** Why TLS would not take it, or undefined. Each is looked at by itself first, so that the one to blame is named. */
export const pemFault = (pem: Pem, names: Readonly<Record<keyof Pem, string>>): string | undefined => {
  const given = (["ca", "cert", "key"] as const).filter((part) => pem[part] !== undefined)
  const why = (parts: Pem): string | undefined => {
    try {
      // TLS passes over authorities that it cannot read.
      if (parts.ca !== undefined) new X509Certificate(parts.ca)
      createSecureContext(parts as Parameters<typeof createSecureContext>[0])
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }
  for (const part of given) {
    const fault = why({ [part]: pem[part] })
    const kind = part === "key" ? "private key" : "certificate"
    if (fault !== undefined) return `${names[part]} is no ${kind} as PEM: ${fault}`
  }
  const fault = why(pem)
  return fault && `${names.cert} and ${names.key} do not go together: ${fault}`
}
