import path from "node:path"
import { looksOfProgram } from "../../../native/plugins/environment.ts"
import { type Platform, plainTraits } from "../platform.ts"

/** Trainium and Inferentia of AWS. Untested on hardware. */
export const neuron: Platform<"neuron"> = {
  name: "neuron",
  reported: ["neuron"],
  examples: ["neuron"],
  plugins: {
    platform: "neuron",
    // libneuronxla is in AWS's own package index alone: on the public one is a placeholder without a library.
    catalog: [],
    machines: ["linux x64"],
    called: ["neuron"],
    libraryName: /(pjrt.*neuron|neuronpjrt).*\.so$/,
    inSitePackages: (site) => [path.join(site, "libneuronxla/libneuronpjrt.so")],
    variable: "NEURON_LIBRARY_PATH",
    fetched: "when asked",
    otherwise:
      "on a Trainium or Inferentia instance: pip install libneuronxla from AWS's Neuron package index, or set NEURON_LIBRARY_PATH",
    toCompile: undefined
  },
  environment: { variables: [], prepare: () => {}, read: /^NEURON_(?!.*LOG)|^NEURONX_/ },
  skipsExitHandlers: false,
  triedElsewhere: () => false,
  clientOptions: () => ({}),
  mostVirtual: undefined,
  unopened:
    "this must be a Trainium or Inferentia instance with the Neuron driver (see neuron-ls); or choose another device, such as --device cpu",
  hints: [
    [
      /libnrt[^:]*: cannot open shared object/,
      "the Neuron runtime is missing: install aws-neuronx-runtime-lib, and see: loopcarry doctor --device neuron"
    ],
    [
      /undefined symbol: _?Py|libpython/,
      "the Neuron plugin calls back into Python, which this process does not have: preload Python's library with LD_PRELOAD"
    ]
  ],
  traits: {
    ...plainTraits,
    // The compiler is a program of its own.
    surroundings: () => looksOfProgram("neuronx-cc")
  },
  targets: undefined,
  doctor: async () => (await import("./doctor.ts")).neuronDoctor
}
