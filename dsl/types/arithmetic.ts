/**
 * Whole numbers counted by the type checker, digit by digit: a length of a million costs no more than seven digits.
 * Each type gives `number` where an operand is no literal.
 */

/** `Sums[a][b]` is the carry and the digit of a + b; row 10 serves 9 and a carry. */
type Sums = [
  ["00", "01", "02", "03", "04", "05", "06", "07", "08", "09"],
  ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"],
  ["02", "03", "04", "05", "06", "07", "08", "09", "10", "11"],
  ["03", "04", "05", "06", "07", "08", "09", "10", "11", "12"],
  ["04", "05", "06", "07", "08", "09", "10", "11", "12", "13"],
  ["05", "06", "07", "08", "09", "10", "11", "12", "13", "14"],
  ["06", "07", "08", "09", "10", "11", "12", "13", "14", "15"],
  ["07", "08", "09", "10", "11", "12", "13", "14", "15", "16"],
  ["08", "09", "10", "11", "12", "13", "14", "15", "16", "17"],
  ["09", "10", "11", "12", "13", "14", "15", "16", "17", "18"],
  ["10", "11", "12", "13", "14", "15", "16", "17", "18", "19"]
]
type SumsAndOne = Sums extends [unknown, ...infer Rest] ? Rest : never

type Products = [
  ["00", "00", "00", "00", "00", "00", "00", "00", "00", "00"],
  ["00", "01", "02", "03", "04", "05", "06", "07", "08", "09"],
  ["00", "02", "04", "06", "08", "10", "12", "14", "16", "18"],
  ["00", "03", "06", "09", "12", "15", "18", "21", "24", "27"],
  ["00", "04", "08", "12", "16", "20", "24", "28", "32", "36"],
  ["00", "05", "10", "15", "20", "25", "30", "35", "40", "45"],
  ["00", "06", "12", "18", "24", "30", "36", "42", "48", "54"],
  ["00", "07", "14", "21", "28", "35", "42", "49", "56", "63"],
  ["00", "08", "16", "24", "32", "40", "48", "56", "64", "72"],
  ["00", "09", "18", "27", "36", "45", "54", "63", "72", "81"]
]

interface Same {
  "0": "0"
  "1": "1"
  "2": "2"
  "3": "3"
  "4": "4"
  "5": "5"
  "6": "6"
  "7": "7"
  "8": "8"
  "9": "9"
}
interface Nines {
  "0": "9"
  "1": "8"
  "2": "7"
  "3": "6"
  "4": "5"
  "5": "4"
  "6": "3"
  "7": "2"
  "8": "1"
  "9": "0"
}
type Digit = keyof Same

type Backwards<T extends string, Out extends string = ""> = T extends `${infer Head}${infer Rest}`
  ? Backwards<Rest, `${Head}${Out}`>
  : Out

type Entry<A extends string, B extends string, Carry extends string> = Carry extends "0"
  ? Sums[A & Digit][B & Digit]
  : SumsAndOne[A & Digit][B & Digit]

/** Adds digits that run backwards; `Map` is what is made of those of B first. The last carry comes first. */
type Add<
  A extends string,
  B extends string,
  Map extends Record<Digit, string>,
  Carry extends string,
  Out extends string = ""
> = A extends `${infer X}${infer As}`
  ? B extends `${infer Y extends Digit}${infer Bs}`
    ? Entry<X, Map[Y], Carry> extends `${infer C}${infer D}`
      ? Add<As, Bs, Map, C, `${D}${Out}`>
      : never
    : Entry<X, Map["0"], Carry> extends `${infer C}${infer D}`
      ? Add<As, "", Map, C, `${D}${Out}`>
      : never
  : B extends `${infer Y extends Digit}${infer Bs}`
    ? Entry<"0", Map[Y], Carry> extends `${infer C}${infer D}`
      ? Add<"", Bs, Map, C, `${D}${Out}`>
      : never
    : `${Carry}${Out}`

type Trimmed<T extends string> = T extends `0${infer Rest}` ? (Rest extends "" ? "0" : Trimmed<Rest>) : T

type Sum<A extends string, B extends string> = Trimmed<Add<Backwards<A>, Backwards<B>, Same, "0">>

/** a - b is a + (nines - b) + 1 without its last carry; never where there is no carry, for then it is negative. */
type Difference<A extends string, B extends string> = A extends B
  ? "0"
  : Add<Backwards<A>, Backwards<B>, Nines, "1"> extends `1${infer Rest}`
    ? Trimmed<Rest>
    : never

/** Digits that run backwards, times one digit. */
type Scale<
  A extends string,
  By extends string,
  Carry extends string = "0",
  Out extends string = ""
> = A extends `${infer X}${infer As}`
  ? Products[X & Digit][By & Digit] extends `${infer Tens}${infer Ones}`
    ? Entry<Ones, Carry, "0"> extends `${infer C}${infer D}`
      ? Entry<Tens, C, "0"> extends `0${infer Next}`
        ? Scale<As, By, Next, `${D}${Out}`>
        : never
      : never
    : never
  : Trimmed<`${Carry}${Out}`>

type Product<A extends string, B extends string, Out extends string = "0"> = B extends `${infer D}${infer Bs}`
  ? Product<A, Bs, Sum<`${Out}0`, Scale<A, D>>>
  : Out

type Next = { "0": "1"; "1": "2"; "2": "3"; "3": "4"; "4": "5"; "5": "6"; "6": "7"; "7": "8"; "8": "9" }

/** How often B goes into A, less than ten times, and what is left. */
type Goes<A extends string, B extends string, Times extends string = "0"> = [Difference<A, B>] extends [never]
  ? [Times, A]
  : Goes<Difference<A, B>, B, Next[Times & keyof Next]>

type Divided<
  A extends string,
  B extends string,
  Left extends string = "0",
  Out extends string = ""
> = A extends `${infer D}${infer As}`
  ? Goes<Trimmed<`${Left}${D}`>, B> extends [infer Q extends string, infer R extends string]
    ? Divided<As, B, R, `${Out}${Q}`>
    : never
  : [Trimmed<Out>, Left]

/** (In lists, so that to TypeScript it is some number while T is not known.) */
type Whole<T extends string> = [T] extends [never]
  ? never
  : [T] extends [`${infer N extends number}`]
    ? N
    : never

/** Whether all are whole literals that are not negative. */
type Known<N extends number> = number extends N
  ? false
  : `${N}` extends `${string}${"-" | "." | "e"}${string}`
    ? false
    : true

/**
 * Keys of a table by one operand: `Same` changes nothing, and there are all others. (A table, not a condition: a type
 * parameter is taken for any other number.)
 */
export type IsSame<K, Same extends number> = K extends "same" ? Same : number

/** a + b. */
export type Plus<A extends number, B extends number> = {
  readonly [K in "same" | "other" as IsSame<K, 0>]: K extends "same" ? B : PlusAny<A, B>
}[A]
export type PlusAny<A extends number, B extends number> =
  Known<A | B> extends true ? Whole<Sum<`${A}`, `${B}`>> : number

/** a - b; never where that is negative. */
export type Minus<A extends number, B extends number> = {
  readonly [K in "same" | "other" as IsSame<K, 0>]: K extends "same" ? A : MinusAny<A, B>
}[B]
export type MinusAny<A extends number, B extends number> =
  Known<A | B> extends true ? Whole<Difference<`${A}`, `${B}`>> : number

/** a * b. */
export type Times<A extends number, B extends number> = {
  readonly [K in "same" | "other" as IsSame<K, 1>]: K extends "same" ? B : TimesMore<A, B>
}[A]
export type TimesMore<A extends number, B extends number> = {
  readonly [K in "same" | "other" as IsSame<K, 1>]: K extends "same" ? A : TimesAny<A, B>
}[B]
export type TimesAny<A extends number, B extends number> =
  Known<A | B> extends true ? Whole<Product<Backwards<`${A}`>, `${B}`>> : number

/** The quotient and the remainder, of `number`s where one is not known. */
export type Divide<A extends number, B extends number> = {
  readonly [K in "same" | "other" as IsSame<K, 1>]: K extends "same" ? [A, 0] : DivideAny<A, B>
}[B]
export type DivideAny<A extends number, B extends number> =
  Known<A | B> extends true
    ? B extends 0
      ? [number, number]
      : Divided<`${A}`, `${B}`> extends [infer Q extends string, infer R extends string]
        ? [Whole<Q>, Whole<R>]
        : never
    : [number, number]

/** a / b, rounded down. */
export type Quotient<A extends number, B extends number> =
  Divide<A, B> extends readonly [infer Q extends number, number] ? Q : number

/** a / b, rounded up. */
export type CeilQuotient<A extends number, B extends number> =
  Divide<A, B> extends [infer Q extends number, infer R extends number]
    ? R extends 0
      ? Q
      : Plus<Q, 1>
    : number

/** Whether a <= b; boolean where one is not known. */
export type AtMost<A extends number, B extends number> =
  Known<A | B> extends true ? DigitsAtMost<`${A}`, `${B}`> : boolean

/** Whether a <= b, of digits as text. */
export type DigitsAtMost<A extends string, B extends string> = [Difference<B, A>] extends [never]
  ? false
  : true

type SignedDifference<A extends string, B extends string> = [Difference<A, B>] extends [never]
  ? `-${Difference<B, A>}`
  : Difference<A, B>

type SignedSum<A extends string, B extends string> = A extends `-${infer X}`
  ? B extends `-${infer Y}`
    ? `-${Sum<X, Y>}`
    : SignedDifference<B, X>
  : B extends `-${infer Y}`
    ? SignedDifference<A, Y>
    : Sum<A, B>

type KnownInteger<N extends number> = number extends N
  ? false
  : `${N}` extends `${string}${"." | "e"}${string}`
    ? false
    : true

/** a + b, where either may be negative. */
export type SignedPlus<A extends number, B extends number> = {
  readonly [K in "same" | "other" as IsSame<K, 0>]: K extends "same" ? A : SignedPlusAny<A, B>
}[B]
export type SignedPlusAny<A extends number, B extends number> =
  KnownInteger<A | B> extends true ? Whole<SignedSum<`${A}`, `${B}`>> : number

/** -a. */
export type Negated<A extends number> = number extends A
  ? number
  : A extends 0
    ? 0
    : `${A}` extends `-${infer N extends number}`
      ? N
      : Whole<`-${A}`>
