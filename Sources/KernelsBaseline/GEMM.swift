// Leaf kernels.
