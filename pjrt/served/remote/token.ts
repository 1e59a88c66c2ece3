/** Why a token could not be sent as it is, in a header (RFC 9110, 5.5), or undefined. */
export const tokenFault = (token: string): string | undefined =>
  /^[\x21-\x7e\xa1-\xff](?:[\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa1-\xff])?$/.test(token)
    ? undefined
    : "token cannot be sent: it is one line of characters of ASCII or Latin-1"
