"""What texts and the answers of text gateways say: pure readers, bytes and fields in, values out."""
