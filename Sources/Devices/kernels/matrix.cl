// Before tile.cl: products of matrices that lie in memory, one or many of the same sizes. Depth can be cut
// into parts, whose sums are added in their order by sum_parts: the same bytes each time.
//
// LEFT_ALONG_DEPTH and RIGHT_ALONG_DEPTH are given by -D: 1 where the step along depth is 1, else the
// other one is.

#define PRODUCT matrix
#define ARGUMENTS                                                                                          \
  __global const float *a, __global const float *b, __global const float *bias, __global float *result,   \
      int rows, int columns, int depth_all, int depth_part, int matrices, int a_matrix, int a_step,       \
      int b_matrix, int b_step, int has_bias
#define BEGIN                                                                                              \
  int part = get_group_id(2) / matrices, which = get_group_id(2) % matrices;                               \
  int first = part * depth_part, last = min(first + depth_part, depth_all);                                \
  a += which * a_matrix;                                                                                   \
  b += which * b_matrix;                                                                                   \
  result += (part * matrices + which) * rows * columns;
#if LEFT_ALONG_DEPTH
#define LEFT(row, depth) a[(row) * a_step + (depth)]
#else
#define LEFT(row, depth) a[(depth) * a_step + (row)]
#endif
#if RIGHT_ALONG_DEPTH
#define RIGHT(target, depth, column) target = b[(column) * b_step + (depth)];
#else
#define RIGHT(target, depth, column) target = b[(depth) * b_step + (column)];
#endif
#define STORE(row, column, value)                                                                          \
  result[(row) * columns + (column)] = value + (has_bias ? bias[column] : 0)
