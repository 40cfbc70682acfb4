// Before tile.cl: the sum over a window as a product of matrices that are never written out. Forward: of
// weights and input; the gradient of the input: of weights and the gradient of the output, whose windows
// are turned. A row is a channel of the result, a column a pixel of it, depth the elements of a window.
//
// table[depth] says where an element of the window lies: {floats to its channel, rows and columns to move,
// floats to its weight}. IS_SPREAD is 1 on the way back through strides, whose pixels lie that far apart.

#define PRODUCT windows
#define ARGUMENTS                                                                                          \
  __global const float *source, __global const float *weight, __global const float *bias,                 \
      __global float *result, __global const int4 *table, int rows, int columns, int last,                \
      int result_plane, int result_width, int result_channels, int source_height, int source_width,       \
      int source_picture, int source_group, int weight_row, int weight_group, int times_rows,             \
      int times_columns, int over_rows, int over_columns, int has_bias
#define LEFT_ALONG_DEPTH 1
#define RIGHT_ALONG_DEPTH 0
// An item's column is the same in all steps. Groups of channels are the third dimension.
#define BEGIN                                                                                              \
  int first = 0, group = get_group_id(2);                                                                  \
  int pixel = (column_first + right_column) % result_plane;                                                \
  int y = pixel / result_width, x = pixel % result_width;                                                  \
  source += (column_first + right_column) / result_plane * source_picture + group * source_group;         \
  weight += group * weight_group;
#define LEFT(row, depth) weight[row * weight_row + table[depth].w]
#define RIGHT(target, depth, column)                                                                       \
  {                                                                                                        \
    int4 at = table[depth];                                                                                \
    int source_row, source_column;                                                                         \
    bool is_inside =                                                                                       \
        source_place(y, at.y, times_rows, IS_SPREAD ? over_rows : 1, source_height, &source_row) &                         \
        source_place(x, at.z, times_columns, IS_SPREAD ? over_columns : 1, source_width, &source_column);                  \
    if (is_inside) target = source[at.x + source_row * source_width + source_column];                      \
  }
#define STORE(row, column, value)                                                                          \
  {                                                                                                        \
    int channel = group * rows + row;                                                                      \
    result[((column) / result_plane * result_channels + channel) * result_plane +                          \
           (column) % result_plane] = value + (has_bias ? bias[channel] : 0);                              \
  }
