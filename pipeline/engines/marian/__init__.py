"""Firefox Translations models (Marian, SSRU decoder, int8 weights) run on ONNX Runtime.

weights.py reads the file, graphs.py writes the network as two ONNX graphs, decoding.py runs them in batches.
"""
