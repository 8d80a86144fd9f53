// Scores of the classes from logits (10).

/** Return the probabilities; they sum to 1. @param {Float32Array} logits */
export function softmax(logits) {
  const highest = Math.max(...logits)
  const exponentials = Array.from(logits, (logit) => Math.exp(logit - highest))
  const sum = exponentials.reduce((total, each) => total + each)
  return exponentials.map((each) => each / sum)
}

/** Return the notebook's scores: each class alone, from 0 to 1. @param {Float32Array} logits */
export function sigmoid(logits) {
  // By the hyperbolic tangent, because exp(-logit) overflows for very negative logits.
  return Array.from(logits, (logit) => 0.5 * (1 + Math.tanh(0.5 * logit)))
}

/** Return log Σ exp(logit), the negative energy of Liu et al. 2020 (arXiv 2010.03759). @param {Float32Array} logits */
export function energy(logits) {
  const highest = Math.max(...logits)
  return highest + Math.log(logits.reduce((total, logit) => total + Math.exp(logit - highest), 0))
}

/** Return the class with the highest logit, the first of equals. @param {Float32Array} logits */
export function predictedClass(logits) {
  return logits.indexOf(Math.max(...logits))
}
