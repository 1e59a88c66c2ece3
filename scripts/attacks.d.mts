export interface Family {
  readonly family: string
  readonly tried: number
  readonly survived: number
}

export declare const attacksOf: (results: { readonly testResults: unknown }) => ReadonlyArray<Family>
