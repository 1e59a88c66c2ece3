import { againstJax } from "../support/jax-suite.ts"
import { functionOf, wanted } from "../support/nn.ts"

againstJax("loopcarry/nn", "nn.json", functionOf, wanted)
