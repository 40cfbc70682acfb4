// Winograd's minimal filtering F(4x4, 3x3): 36 products make the 16 outputs of a tile that 144 make else.
//
// V = B' d B for each tile of 6x6 of the input, U = G g G' for each kernel, then 36 products of matrices
// (matrix.cl), and Y = A' M A. Source: Lavin, Gray: Fast Algorithms for Convolutional Neural Networks
// (2015), section 4.2 and its appendix; points 0, 1, -1, 2, -2.

// Along one direction, of six numbers at a step.
inline void transform_input(float *d) {
  float d0 = d[0], d1 = d[1], d2 = d[2], d3 = d[3], d4 = d[4], d5 = d[5];
  d[0] = 4 * d0 - 5 * d2 + d4;
  d[1] = -4 * d1 - 4 * d2 + d3 + d4;
  d[2] = 4 * d1 - 4 * d2 - d3 + d4;
  d[3] = -2 * d1 - d2 + 2 * d3 + d4;
  d[4] = 2 * d1 - d2 - 2 * d3 + d4;
  d[5] = 4 * d1 - 5 * d3 + d5;
}

inline void transform_kernel(const float *g, float *u) {
  u[0] = g[0] / 4;
  u[1] = -(g[0] + g[1] + g[2]) / 6;
  u[2] = (-g[0] + g[1] - g[2]) / 6;
  u[3] = g[0] / 24 + g[1] / 12 + g[2] / 6;
  u[4] = g[0] / 24 - g[1] / 12 + g[2] / 6;
  u[5] = g[2];
}

inline void transform_output(const float *m, float *y) {
  y[0] = m[0] + m[1] + m[2] + m[3] + m[4];
  y[1] = m[1] - m[2] + 2 * (m[3] - m[4]);
  y[2] = m[1] + m[2] + 4 * (m[3] + m[4]);
  y[3] = m[1] - m[2] + 8 * (m[3] - m[4]) + m[5];
}

// points[point, channel, tile] of some pictures, whose first is `first_picture`; a tile an item.
__kernel void winograd_input(
    __global const float *input, __global float *points, int first_picture, int tiles, int tiles_down,
    int tiles_across, int channels, int height, int width, int padding_rows, int padding_columns) {
  int tile = get_global_id(0), channel = get_global_id(1);
  if (tile >= tiles) return;
  int across = tile % tiles_across, down = tile / tiles_across % tiles_down;
  int n = first_picture + tile / (tiles_across * tiles_down);
  __global const float *source = input + (n * channels + channel) * height * width;
  float d[6][6], line[6];
#pragma unroll
  for (int r = 0; r < 6; r++) {
    int row = down * 4 + r - padding_rows;
#pragma unroll
    for (int q = 0; q < 6; q++) {
      int column = across * 4 + q - padding_columns;
      bool is_inside = row >= 0 & row < height & column >= 0 & column < width;
      d[r][q] = is_inside ? source[row * width + column] : 0;
    }
    transform_input(d[r]);
  }
#pragma unroll
  for (int q = 0; q < 6; q++) {
#pragma unroll
    for (int r = 0; r < 6; r++) line[r] = d[r][q];
    transform_input(line);
#pragma unroll
    for (int r = 0; r < 6; r++) points[((r * 6 + q) * channels + channel) * tiles + tile] = line[r];
  }
}

// points[point, row, column] of weights [out, in, 3, 3]: a row is an output and a column an input, or,
// turned for the way back, the other way round and the kernel by 180 degrees.
__kernel void winograd_kernel(
    __global const float *weight, __global float *points, int rows, int columns, int is_turned) {
  int index = get_global_id(0);
  if (index >= rows * columns) return;
  int row = index / columns, column = index % columns;
  __global const float *g = weight + (is_turned ? column * rows + row : index) * 9;
  float half_way[6][3], line[3], u[6];
#pragma unroll
  for (int q = 0; q < 3; q++) {
#pragma unroll
    for (int r = 0; r < 3; r++) line[r] = g[is_turned ? 8 - (r * 3 + q) : r * 3 + q];
    transform_kernel(line, u);
#pragma unroll
    for (int r = 0; r < 6; r++) half_way[r][q] = u[r];
  }
#pragma unroll
  for (int r = 0; r < 6; r++) {
    transform_kernel(half_way[r], u);
#pragma unroll
    for (int q = 0; q < 6; q++) points[(r * 6 + q) * rows * columns + index] = u[q];
  }
}

// output[n, channel, y, x] of products[point, channel, tile].
__kernel void winograd_output(
    __global const float *products, __global const float *bias, __global float *output,
    int first_picture, int tiles, int tiles_down, int tiles_across, int channels, int height,
    int width, int has_bias) {
  int tile = get_global_id(0), channel = get_global_id(1);
  if (tile >= tiles) return;
  int across = tile % tiles_across, down = tile / tiles_across % tiles_down;
  int n = first_picture + tile / (tiles_across * tiles_down);
  float half_way[4][6], line[6], y[4];
#pragma unroll
  for (int q = 0; q < 6; q++) {
#pragma unroll
    for (int r = 0; r < 6; r++) line[r] = products[((r * 6 + q) * channels + channel) * tiles + tile];
    transform_output(line, y);
#pragma unroll
    for (int r = 0; r < 4; r++) half_way[r][q] = y[r];
  }
  __global float *target = output + (n * channels + channel) * height * width;
  float added = has_bias ? bias[channel] : 0;
#pragma unroll
  for (int r = 0; r < 4; r++) {
    transform_output(half_way[r], y);
    int row = down * 4 + r;
#pragma unroll
    for (int q = 0; q < 4; q++) {
      int column = across * 4 + q;
      if (row < height & column < width) target[row * width + column] = y[q] + added;
    }
  }
}
