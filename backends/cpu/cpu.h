#pragma once

/// The CPU backend: each family's file fills its slots; `register_kernels` lists them, so that static linking keeps them.
namespace lazuli::cpu {

void register_kernels();  // cpu.cpp calls each of these once

void register_copy();           // copy.cpp: fill, copy, arange, triangle
void register_unary();          // unary.cpp
void register_binary();         // binary.cpp
void register_ternary();        // ternary.cpp
void register_fused();          // fused.cpp: programs of these three
void register_random();         // random.cpp: random, randperm, dropout
void register_optimizer();      // optimizer.cpp: sgd, adam
void register_reduce();         // reduce.cpp: reduce, arg_reduce, var_mean
void register_scan();           // scan.cpp
void register_softmax();        // softmax.cpp: softmax, cross_entropy and their gradients
void register_convolution();    // convolution.cpp
void register_pooling();        // pooling.cpp
void register_norm();           // norm.cpp: layer_norm, batch_norm
void register_recurrent();      // recurrent.cpp: gates of lstm and gru
void register_attention();      // attention.cpp
void register_indexing();       // indexing.cpp: index_select, index_add, gather, scatter, index, index_put, as_strided_backward, nonzero, embedding
void register_sort();           // sort.cpp: sort, topk, median, searchsorted, bincount
void register_matmul();         // matmul.cpp
void register_factorization();  // factorization.cpp: cholesky, lu, ldl and solving with them, triangular_solve
void register_orthogonal();     // orthogonal.cpp: qr, householder_product, reflect, lstsq
void register_spectral();       // spectral.cpp: eigh, eig, svd
void register_fft();            // fft.cpp

}  // namespace lazuli::cpu
