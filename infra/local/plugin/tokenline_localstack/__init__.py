"""What LocalStack community needs to be a local AWS on a machine without Docker.

LocalStack finds the modules by the entry points in ../tokenline_localstack-1.0.0.dist-info.
"""
