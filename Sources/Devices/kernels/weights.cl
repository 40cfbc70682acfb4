// Before tile.cl: the gradient of the weights as a product of matrices that are never written out. A row is
// a channel of the output, a column an element of its window, depth the pixels of all pictures. Depth is
// cut into parts, whose sums are added in their order by sum_parts: the same bytes each time.
//
// table[column] says where an element of the window lies: {floats to its channel, rows and columns to move}.

#define PRODUCT weights
#define ARGUMENTS                                                                                          \
  __global const float *grad_output, __global const float *input, __global float *result,                 \
      __global const int4 *table, int rows, int columns, int depth_all, int depth_part, int groups,       \
      int out_plane, int out_width, int out_channels, int height, int width, int in_picture,              \
      int in_group, int stride_rows, int stride_columns
#define LEFT_ALONG_DEPTH 1
#define RIGHT_ALONG_DEPTH 1
#define BEGIN                                                                                              \
  int part = get_group_id(2) / groups, group = get_group_id(2) % groups;                                   \
  int first = part * depth_part, last = min(first + depth_part, depth_all);                                \
  grad_output += group * rows * out_plane;                                                                 \
  input += group * in_group;                                                                               \
  result += (part * groups + group) * rows * columns;
#define LEFT(row, depth)                                                                                   \
  grad_output[((depth) / out_plane * out_channels + row) * out_plane + (depth) % out_plane]
#define RIGHT(target, depth, column)                                                                       \
  {                                                                                                        \
    int4 at = table[column];                                                                               \
    int pixel = (depth) % out_plane;                                                                       \
    int row = pixel / out_width * stride_rows + at.y;                                                      \
    int source_column = pixel % out_width * stride_columns + at.z;                                         \
    bool is_inside = row >= 0 & row < height & source_column >= 0 & source_column < width;                 \
    if (is_inside)                                                                                         \
      target = input[(depth) / out_plane * in_picture + at.x + row * width + source_column];               \
  }
#define STORE(row, column, value) result[row * columns + column] = value
