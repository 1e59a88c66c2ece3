/** The largest part of JAX's time that something may take, where that is not `usual`. */
export const aims: Readonly<Record<string, number>> = {
  "cumulative sum 1e6, reassociate": 0.25,
  "recursive update 1e6, reassociate": 0.5,
  "sequential transform 1e6": 0.5,
  "integer cumulative sum 1e6": 0.35,
  "linear recurrence 1e6, reassociate": 0.65,
  "state-space layer [4096,64], reassociate": 0.5,
  "state-space gradient [4096,64], reassociate": 0.5,
  "RNN forward 1000 x 64": 0.75,
  "RNN gradient 1000 x 64": 0.45,
  "RNN gradient 200 x 32 x 64": 0.6,
  "GRU gradient 1000 x 64": 0.6,
  "GRU gradient 200 x 32 x 64": 0.6,
  "LSTM gradient 1000 x 64": 0.6,
  "LSTM gradient 200 x 32 x 64": 0.6,
  "take in a loop 10000 x 64": 1.1,
  "at().set in a loop 10000 x 1000": 1.1,
  "sort 1e6": 1.1,
  "topK 16 of [256,10000]": 1.1,
  "scatter-add 1e6 into 1000": 1.1,
  "conv [8,32,64,64] by [64,32,3,3]": 1.1,
  "einsum bthd,bshd->bhts [4,256,8,64]": 1.1,
  "softmax [4096,512]": 1.1,
  "layerNorm [4096,512]": 1.1,
  "causal attention [4,256,8,64]": 1.1,
  "sum [4096,512]": 1.1,
  "cold process to first result": 0.3,
  "cold loopcarry exec to first result": 0.25,
  "trace + lower 1000 additions": 0.2,
  "trace + lower 5000 additions": 0.2,
  "trace + lower 20000 additions": 0.2
}

const usual = 1.05

export const aimOf = (name: string): number => aims[name] ?? usual

/** Whether a ratio, as it is shown, is above the aim. */
export const misses = (name: string, ratio: number): boolean => Number(ratio.toFixed(2)) > aimOf(name)

/** The aims for the geometric means over all rows. */
export const meanAims = { run: 0.5, lower: 0.2, compile: 1.3 } as const

const microseconds = "a few microseconds of a call, which differ from run to run as much"

/** Why a row may not reach its aim, as far as that has been found. */
export const reasons: Readonly<Record<string, string>> = {
  "cumulative sum 1e6, reassociate":
    "writes 4 MB twice: 1.0 to 2.0 ms from run to run on a shared machine, and 0.23 of JAX's time at best",
  "integer cumulative sum 1e6":
    "as the sum of floats: 0.93 to 1.7 ms from run to run, and 0.35 of JAX's time at best",
  "recursive update 1e3, reassociate": microseconds,
  "sequential transform 10": microseconds,
  "sequential transform 1e3": microseconds,
  "nested scan 10": microseconds,
  "running moments 1e6": "five results: five arrays are written, as JAX does",
  "vmapped scan 64 x 1e3": "the passes find nothing in it: XLA runs what JAX writes too",
  "GRU forward 200 x 32 x 64": "products of a batch of 32 run at the machine's rate in the loop already",
  "running moments 10":
    "five results: each is an object of JavaScript with memory of its own, some 1 µs, which JAX makes in C++",
  "running moments 1e3": "five results, as with 10 steps",
  "dispatch and read of 10 steps":
    "a read copies the elements out of the device's memory, and JAX's does not",
  "RNN gradient 1000 x 64":
    "the forward loop is bound by one product of a vector and a matrix a step, as JAX's is; the rest is gone",
  "RNN gradient 200 x 32 x 64":
    "products of a batch of 32 run at the machine's rate in the loop already: 30 to 50 billion multiplications a second, and 50 to 75 outside it",
  "GRU gradient 200 x 32 x 64": "as for the RNN: products are most of the time, and as many of them are left",
  "LSTM gradient 200 x 32 x 64": "as for the RNN: of some 20 ms, the products that are left take 10",
  "LSTM gradient 1000 x 64":
    "two products of a vector and a 64 by 256 matrix a step, which does not fit the first cache: 0.75 µs each",
  "LSTM forward 1000 x 64":
    "one such product a step is left of two; splitting the rows and storing them takes the rest",
  "cold process to first result":
    "bare Node takes 60 ms of it, Effect outside the bundle some 80, of which its streams are 40",
  "cold loopcarry exec to first result":
    "two processes start, each with 60 ms of bare Node; with --in-process it is one",
  "trace + lower 1000 additions": "the passes look at each equation several times",
  "trace + lower 5000 additions": "the passes look at each equation several times",
  "trace + lower 20000 additions":
    "the passes look at each equation several times, and garbage collection grows with the program"
}
