// Convolution as the textbook draws it: an item computes one number, by plain loops. What the other ways
// are measured against. Inner sums are of one row, so that long sums lose no digits.

struct shape {
  int batch, in_channels, height, width, out_channels, kernel_height, kernel_width;
  int stride_rows, stride_columns, padding_rows, padding_columns, dilation_rows, dilation_columns;
  int in_group, out_group, out_height, out_width;
};

// output[n, out, y, x] = bias[out] + sum over the window
__kernel void direct_forward(
    __global const float *input, __global const float *weight, __global const float *bias,
    __global float *output, struct shape s, int has_bias) {
  int plane = s.out_height * s.out_width;
  int index = get_global_id(0);
  if (index >= s.batch * s.out_channels * plane) return;
  int y = index % plane / s.out_width, x = index % s.out_width;
  int out = index / plane % s.out_channels, n = index / plane / s.out_channels;
  float sum = has_bias ? bias[out] : 0;
  for (int channel = 0; channel < s.in_group; channel++) {
    __global const float *source =
        input + (n * s.in_channels + out / s.out_group * s.in_group + channel) * s.height * s.width;
    __global const float *kernel_of =
        weight + (out * s.in_group + channel) * s.kernel_height * s.kernel_width;
    float part = 0;
    for (int r = 0; r < s.kernel_height; r++) {
      int row = y * s.stride_rows + r * s.dilation_rows - s.padding_rows;
      if (row < 0 || row >= s.height) continue;
      for (int q = 0; q < s.kernel_width; q++) {
        int column = x * s.stride_columns + q * s.dilation_columns - s.padding_columns;
        if (column < 0 || column >= s.width) continue;
        part = MULTIPLY_ADD(source[row * s.width + column], kernel_of[r * s.kernel_width + q], part);
      }
    }
    sum += part;
  }
  output[index] = sum;
}

// grad_input[n, channel, row, column] = sum over the outputs that have seen it
__kernel void direct_grad_input(
    __global const float *weight, __global const float *grad_output, __global float *grad_input,
    struct shape s) {
  int plane = s.height * s.width;
  int index = get_global_id(0);
  if (index >= s.batch * s.in_channels * plane) return;
  int row = index % plane / s.width, column = index % s.width;
  int channel = index / plane % s.in_channels, n = index / plane / s.in_channels;
  int group = channel / s.in_group;
  float sum = 0;
  for (int k = 0; k < s.out_group; k++) {
    int out = group * s.out_group + k;
    __global const float *gradient =
        grad_output + (n * s.out_channels + out) * s.out_height * s.out_width;
    __global const float *kernel_of =
        weight + (out * s.in_group + channel % s.in_group) * s.kernel_height * s.kernel_width;
    float part = 0;
    for (int r = 0; r < s.kernel_height; r++) {
      int y;
      if (!source_place(row, s.padding_rows - r * s.dilation_rows, 1, s.stride_rows, s.out_height, &y))
        continue;
      for (int q = 0; q < s.kernel_width; q++) {
        int x;
        if (!source_place(column, s.padding_columns - q * s.dilation_columns, 1, s.stride_columns,
                          s.out_width, &x))
          continue;
        part = MULTIPLY_ADD(gradient[y * s.out_width + x], kernel_of[r * s.kernel_width + q], part);
      }
    }
    sum += part;
  }
  grad_input[index] = sum;
}

// grad_weight[out, channel, r, q] = sum over pictures and pixels
__kernel void direct_grad_weight(
    __global const float *input, __global const float *grad_output, __global float *grad_weight,
    struct shape s) {
  int window = s.in_group * s.kernel_height * s.kernel_width;
  int index = get_global_id(0);
  if (index >= s.out_channels * window) return;
  int out = index / window, channel = index % window / (s.kernel_height * s.kernel_width);
  int r = index % (s.kernel_height * s.kernel_width) / s.kernel_width, q = index % s.kernel_width;
  channel += out / s.out_group * s.in_group;
  float sum = 0;
  for (int n = 0; n < s.batch; n++) {
    __global const float *source = input + (n * s.in_channels + channel) * s.height * s.width;
    __global const float *gradient =
        grad_output + (n * s.out_channels + out) * s.out_height * s.out_width;
    float picture = 0;
    for (int y = 0; y < s.out_height; y++) {
      int row = y * s.stride_rows + r * s.dilation_rows - s.padding_rows;
      if (row < 0 || row >= s.height) continue;
      float part = 0;
      for (int x = 0; x < s.out_width; x++) {
        int column = x * s.stride_columns + q * s.dilation_columns - s.padding_columns;
        if (column < 0 || column >= s.width) continue;
        part = MULTIPLY_ADD(source[row * s.width + column], gradient[y * s.out_width + x], part);
      }
      picture += part;
    }
    sum += picture;
  }
  grad_weight[index] = sum;
}

// output[row, out] = bias[out] + sum over the inputs, in runs of 256
__kernel void direct_linear(
    __global const float *input, __global const float *weight, __global const float *bias,
    __global float *output, int batch, int inputs, int outputs, int has_bias) {
  int index = get_global_id(0);
  if (index >= batch * outputs) return;
  int out = index % outputs;
  __global const float *row = input + index / outputs * inputs;
  float sum = has_bias ? bias[out] : 0;
  for (int first = 0; first < inputs; first += 256) {
    float part = 0;
    for (int i = first; i < min(first + 256, inputs); i++)
      part = MULTIPLY_ADD(row[i], weight[out * inputs + i], part);
    sum += part;
  }
  output[index] = sum;
}

// grad_input[row, i] = sum over the outputs
__kernel void direct_linear_grad_input(
    __global const float *weight, __global const float *grad_output, __global float *grad_input,
    int batch, int inputs, int outputs) {
  int index = get_global_id(0);
  if (index >= batch * inputs) return;
  float sum = 0;
  for (int first = 0; first < outputs; first += 256) {
    float part = 0;
    for (int out = first; out < min(first + 256, outputs); out++)
      part = MULTIPLY_ADD(
          grad_output[index / inputs * outputs + out], weight[out * inputs + index % inputs], part);
    sum += part;
  }
  grad_input[index] = sum;
}

// grad_weight[out, i] = sum over the rows
__kernel void direct_linear_grad_weight(
    __global const float *input, __global const float *grad_output, __global float *grad_weight,
    int batch, int inputs, int outputs) {
  int index = get_global_id(0);
  if (index >= outputs * inputs) return;
  float sum = 0;
  for (int first = 0; first < batch; first += 256) {
    float part = 0;
    for (int row = first; row < min(first + 256, batch); row++)
      part = MULTIPLY_ADD(
          grad_output[row * outputs + index / inputs], input[row * inputs + index % inputs], part);
    sum += part;
  }
  grad_weight[index] = sum;
}
