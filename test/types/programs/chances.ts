/** Random numbers in loops and batches: walks, chains, bandits, games. */
import {
  add,
  arange,
  argmax,
  at,
  clamp,
  cond,
  convert,
  div,
  eq,
  exp,
  type F32,
  f32,
  fori,
  grad,
  gt,
  type I32,
  i32,
  jit,
  le,
  log,
  lt,
  matmul,
  max,
  mean,
  mul,
  neg,
  random,
  rem,
  scalar,
  scan,
  select,
  sqrt,
  square,
  sub,
  sum,
  switchCase,
  type Tensor,
  type TreeOf,
  take,
  tree,
  u32,
  vmap,
  where,
  zeros
} from "loopcarry"

/** A quarter of pi by darts. */
export const darts = jit([i32()], (seed) => {
  const [a, b] = random.split(random.key(seed))
  const x = random.uniform(a, [1000])
  const y = random.uniform(b, [1000])
  const inside: F32<[1000]> = where(le(add(square(x), square(y)), 1), 1, zeros([1000], "f32"))
  return mul(mean(inside), 4)
})

/** A walk for each key of a list. */
export const manyWalks = jit([i32()], (seed) => {
  const walk = (key: random.Key): F32<[50]> => {
    const [, path] = scan(scalar(0, "f32"), random.normal(key, [50]), (x, step) => {
      const next = add(x, step)
      return [next, next]
    })
    return path
  }
  const all: F32<[20, 50]> = vmap(walk)(random.split(random.key(seed), 20))
  return all
})

/** A key folded with the step's number. */
export const folded = jit([u32(2)], (key) => {
  const [total] = scan(zeros([3], "f32"), arange(10), (c, i) => [
    add(c, random.normal(random.foldIn(key, i), [3])),
    null
  ])
  return total
})

type Floats = TreeOf<Tensor<"f32">>
/** Leapfrog steps on any tree, as Hamiltonian sampling takes them. */
const leapfrog = <P extends Floats>(energy: (q: P) => F32, q: P, p: P, step: number): readonly [P, P] => {
  const half = tree.map((a, g) => sub(a, mul(g, step / 2)), p, grad(energy)(q))
  const next = tree.map((a, b) => add(a, mul(b, step)), q, half)
  return [next, tree.map((a, g) => sub(a, mul(g, step / 2)), half, grad(energy)(next))]
}
export const hamiltonian = jit([{ a: f32(2), b: f32() }, i32()], (start, seed) => {
  const energy = ({ a, b }: { readonly a: F32<[2]>; readonly b: F32 }) =>
    add(mul(sum(square(a)), 0.5), square(b))
  const [{ q }, all] = scan(
    { q: start, key: random.key(seed) },
    null,
    ({ q, key }) => {
      const [next, now] = random.split(key)
      const [u, rest] = random.split(now)
      const [ka, kb] = random.split(rest)
      const p = { a: random.normal(ka, [2]), b: random.normal(kb, []) }
      const [q1, p1] = fori(0, 10, (_, [q, p]) => leapfrog(energy, q, p, 0.1), [q, p])
      const change = sub(add(energy(q), energy(p)), add(energy(q1), energy(p1)))
      const taken = lt(log(random.uniform(u, [])), change)
      const kept = tree.map((x, y) => select(taken, x, y), q1, q)
      return [{ q: kept, key: next }, kept]
    },
    { length: 100 }
  )
  const path: F32<[100, 2]> = all.a
  return { q, path }
})

/** Arms of which the best so far is pulled most. */
export const bandit = jit([f32(5), i32()], (chances, seed) => {
  const start = { wins: zeros([5], "f32"), pulls: zeros([5], "f32"), key: random.key(seed) }
  const [{ wins, pulls }, arms] = scan(start, arange(200), ({ wins, pulls, key }, t) => {
    const [next, now] = random.split(key)
    const bonus = sqrt(div(log(add(convert(t, "f32"), 1)), add(pulls, 1)))
    const arm = argmax(add(div(wins, add(pulls, 1)), bonus))
    const won = lt(random.uniform(now, []), take(chances, arm))
    return [
      {
        wins: at(wins, arm).add(convert(won, "f32")),
        pulls: at(pulls, arm).add(1),
        key: next
      },
      arm
    ]
  })
  const all: I32<[200]> = arms
  return { wins, pulls, all }
})

/** Q-learning on a grid, the table in the carry. */
export const gridWorld = jit([i32()], (seed) => {
  const start = { table: zeros([25, 4], "f32"), place: scalar(0, "i32"), key: random.key(seed) }
  const [{ table }, rewards] = scan(
    start,
    null,
    ({ table, place, key }) => {
      const [next, now] = random.split(key)
      const [a, b] = random.split(now)
      const greedy = argmax(at(table, place).get())
      const action = select(lt(random.uniform(a, []), 0.1), random.randint(b, [], 0, 4), greedy)
      const moved = switchCase(action, [
        () => sub(place, 5),
        () => add(place, 5),
        () => sub(place, 1),
        () => add(place, 1)
      ])
      const there = clamp(0, moved, 24)
      const reward = select(eq(there, 24), scalar(1, "f32"), 0)
      const target = add(reward, mul(max(at(table, there).get()), 0.9))
      const old = at(table, place, action).get()
      return [
        {
          table: at(table, place, action).add(mul(sub(target, old), 0.5)),
          place: select(eq(there, 24), 0, there),
          key: next
        },
        reward
      ]
    },
    { length: 500 }
  )
  return { table, total: sum(rewards) }
})

/** Policy gradients for an episode. */
export const reinforce = jit([f32(4, 2), i32()], (policy, seed) => {
  const loss = (w: F32<[4, 2]>) => {
    const [, { logs, rewards }] = scan(
      { x: random.normal(random.key(1), [4]), key: random.key(seed) },
      null,
      ({ x, key }) => {
        const [next, now] = random.split(key)
        const logits = matmul(x, w)
        const action = random.categorical(now, logits)
        const chosen = sub(take(logits, action), log(sum(exp(logits))))
        const push = select(eq(action, 0), scalar(-0.1, "f32"), 0.1)
        return [
          { x: add(x, push), key: next },
          { logs: chosen, rewards: neg(sum(square(x))) }
        ]
      },
      { length: 30 }
    )
    return neg(mean(mul(logs, rewards)))
  }
  const slopes: F32<[4, 2]> = grad(loss)(policy)
  return slopes
})

/** Rain and sun, one day after another. */
export const weather = jit([i32()], (seed) => {
  const [, days] = scan(
    [scalar(true, "bool"), random.key(seed)],
    null,
    ([sunny, key]) => {
      const [next, now] = random.split(key)
      const stays = random.bernoulli(now, 0.8, [])
      const tomorrow = eq(sunny, stays)
      return [[tomorrow, next], tomorrow]
    },
    { length: 30 }
  )
  return sum(convert(days, "i32"))
})

/** A deck that is shuffled, and dealt. */
export const dealt = jit([i32()], (seed) => {
  const deck: I32<[52]> = random.permutation(random.key(seed), 52)
  const hands = fori(0, 52, (i, hands) => at(hands, rem(i, 4)).add(take(deck, i)), zeros([4], "i32"))
  return hands
})

/** A game that ends by chance. */
export const ruin = jit([i32(), i32()], (money, seed) =>
  fori(
    0,
    100,
    (i, [left, key]) => {
      const [next, now] = random.split(key)
      const bet = cond(
        gt(left, 0),
        () => select(random.bernoulli(now, 0.5, []), add(left, 1), sub(left, 1)),
        () => left
      )
      return [select(lt(i, 50), bet, left), next]
    },
    [money, random.key(seed)]
  )
)
