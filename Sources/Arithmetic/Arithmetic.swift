// Arithmetic
