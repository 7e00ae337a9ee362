# Every outside library, found once, offered as a target named topicloop::<what>.

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(ZLIB REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)

# httplib has no CMake package. Its compile flags change class layouts, so they must come along.
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)

# Its CMake package also wants what its HTTP server and client need; only the core is used here.
pkg_check_modules(prometheus REQUIRED IMPORTED_TARGET prometheus-cpp-core)

pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3)

# CMake's own Protobuf module, before gRPC's package looks for protobuf in its way.
find_package(Protobuf REQUIRED)

# gRPC's package looks for re2 with a module that takes half a minute on Debian 13. Found here, the
# module has nothing left to do.
if(NOT TARGET re2::re2)
  find_library(RE2_LIBRARY re2 REQUIRED)
  add_library(re2::re2 UNKNOWN IMPORTED)
  set_target_properties(re2::re2 PROPERTIES IMPORTED_LOCATION "${RE2_LIBRARY}")
endif()
find_package(gRPC CONFIG REQUIRED)

if(TARGET gRPC::grpc_cpp_plugin)
  set(GRPC_CPP_PLUGIN $<TARGET_FILE:gRPC::grpc_cpp_plugin>)
else()
  find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
endif()

add_library(topicloop_grpc INTERFACE)
add_library(topicloop::grpc ALIAS topicloop_grpc)
if(TOPICLOOP_STATIC_GRPC)
  # gRPC's CMake targets are the shared libraries; the archives are in the same packages, and
  # pkg-config knows which ones belong together. OpenSSL and zlib stay shared: httplib and curl
  # bring them, and two OpenSSLs in one process must not be. They are named without a target: CMake
  # would link a target that others use too once, before the archives, where it is not yet needed.
  # re2 is asked too: on Debian 13 it needs more of abseil than gRPC names.
  pkg_check_modules(grpcxx REQUIRED grpc++ re2)
  set(archives "")
  foreach(library IN ITEMS protobuf ${grpcxx_STATIC_LIBRARIES})
    if(library MATCHES "^(ssl|crypto|z|dl|rt|pthread|atomic|m)$")
      continue()
    endif()
    find_library(archive_${library} lib${library}.a NO_CACHE REQUIRED)
    list(APPEND archives "${archive_${library}}")
  endforeach()
  list(REMOVE_DUPLICATES archives)
  target_link_libraries(topicloop_grpc INTERFACE
    -Wl,--start-group ${archives} -Wl,--end-group
    ssl crypto z Threads::Threads ${CMAKE_DL_LIBS} rt)
else()
  target_link_libraries(topicloop_grpc INTERFACE gRPC::grpc++ protobuf::libprotobuf)
endif()
