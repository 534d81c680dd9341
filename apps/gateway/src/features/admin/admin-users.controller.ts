import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { UsersService } from '../account/users.service.js';
import { CreatedUserDto, CreateUserDto, ListUsersQuery, UpdateUserDto, UserDto } from './admin.dto.js';

@ApiTags('Admin')
@Access('admin')
@Controller('admin/users')
export class AdminUsersController {
  constructor(private readonly users: UsersService) {}

  @Post()
  @Endpoint({
    summary: 'Create a user of a tenant',
    description: "With the user's first token, which is never shown again.",
    returns: CreatedUserDto,
    status: 201,
    fails: ['tenant.not-found'],
  })
  async create(@Body() input: CreateUserDto) {
    const { user, token } = await this.users.create(input);
    return { ...UserDto.from(user), token };
  }

  @Get()
  @Endpoint({ summary: 'List users', returns: UserDto, list: true })
  async list(@Query() query: ListUsersQuery) {
    return mapPage(await this.users.list(query), UserDto.from);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a user', returns: UserDto, fails: ['user.not-found'] })
  async get(@Param('id') id: string) {
    return UserDto.from(await this.users.get(id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Rename a user, or give it another role',
    returns: UserDto,
    fails: ['user.not-found', 'user.last-owner'],
  })
  async update(@Param('id') id: string, @Body() input: UpdateUserDto) {
    return UserDto.from(await this.users.update(id, input));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Remove a user with its tokens',
    description: 'Its tokens are refused from now on. Sessions belong to the tenant and stay.',
    returns: null,
    fails: ['user.not-found', 'user.last-owner'],
  })
  async remove(@Param('id') id: string) {
    await this.users.remove(id);
  }
}
