// What goes before and behind the convolutions of the way back, where that is two more forward ones.

// Puts zeros between and around the pixels of the gradient: a pixel of the larger plane an item.
__kernel void spread(
    __global const float *gradient, __global float *result, int count, int height, int width,
    int out_height, int out_width, int top, int left, int stride_rows, int stride_columns) {
  int index = get_global_id(0);
  if (index >= count) return;
  int plane = index / (height * width), row = index / width % height, column = index % width;
  int y, x;
  bool is_inside = source_place(row, -top, 1, stride_rows, out_height, &y) &
                   source_place(column, -left, 1, stride_columns, out_width, &x);
  result[index] = is_inside ? gradient[(plane * out_height + y) * out_width + x] : 0;
}

// result[in, out, r, q] = weight[out, in, R - 1 - r, Q - 1 - q], group by group.
__kernel void turn(
    __global const float *weight, __global float *result, int count, int in_group, int out_group,
    int area) {
  int index = get_global_id(0);
  if (index >= count) return;
  int place = index % area, k = index / area % out_group, in = index / area / out_group;
  int group = in / in_group, channel = in % in_group;
  result[index] =
      weight[((group * out_group + k) * in_group + channel) * area + area - 1 - place];
}

// result[channel, n] = source[n, first + channel], whole planes.
__kernel void exchange(
    __global const float *source, __global float *result, int count, int pictures, int channels,
    int first, int plane) {
  int index = get_global_id(0);
  if (index >= count) return;
  int pixel = index % plane, n = index / plane % pictures, channel = index / plane / pictures;
  result[index] = source[(n * channels + first + channel) * plane + pixel];
}

// grad_weight[first + out, in] = result[in, out], without what lies beyond the kernel.
__kernel void crop(
    __global const float *result, __global float *grad_weight, int count, int first, int in_group,
    int out_group, int kernel_height, int kernel_width, int height, int width) {
  int index = get_global_id(0);
  if (index >= count) return;
  int q = index % kernel_width, r = index / kernel_width % kernel_height;
  int channel = index / (kernel_width * kernel_height) % in_group;
  int out = index / (kernel_width * kernel_height) / in_group;
  grad_weight[first * in_group * kernel_height * kernel_width + index] =
      result[((channel * out_group + out) * height + r) * width + q];
}
